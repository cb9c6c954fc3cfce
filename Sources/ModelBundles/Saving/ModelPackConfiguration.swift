import OCI

/// The configuration of a ModelPack bundle. Source: ModelPack, `schema/config-schema.json`.
struct ModelPackConfiguration: Encodable {
    struct Description: Encodable {
        var createdAt: String?
        var authors: [String]?
        var name: String?
        var description: String?
    }

    struct Model: Encodable {
        var architecture: String?
        var format: String?
        var paramSize: String?
        var precision: String?
        var quantization: String?
    }

    struct FileSystem: Encodable {
        var type = "layers"
        var diffIds: [Digest]
    }

    var descriptor: Description
    var config: Model
    var modelfs: FileSystem

    /// - Parameter diffIDs: of the layers, of which none is compressed.
    init(of model: PreparedModel, diffIDs: [Digest]) {
        let tensors = model.facts.tensors
        descriptor = Description(
            createdAt: model.metadata.created.flatMap { Self.isDateTime($0) ? $0 : nil },
            authors: model.metadata.author.map { [$0] },
            name: tensors?.name.flatMap { $0.isEmpty ? nil : $0 },
            description: model.metadata.description
        )
        config = Model(
            architecture: tensors?.architecture,
            format: model.format == .others ? nil : model.format.rawValue.lowercased(),
            paramSize: tensors?.parameterSize,
            precision: tensors?.quantization == nil ? tensors?.precision : nil,
            quantization: tensors?.quantization
        )
        modelfs = FileSystem(diffIds: diffIDs)
    }

    /// `2024-05-06T07:08:09Z`, with a fraction or an offset perhaps: the schema takes nothing else.
    private static func isDateTime(_ text: String) -> Bool {
        text.wholeMatch(of: /\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)/) != nil
    }
}
