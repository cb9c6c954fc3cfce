package import JSON

extension BundleMetadata {
    /// Reads a document, as of `ormbfile.yaml` or of a bundle's configuration.
    ///
    /// Unknown fields are ignored, as ORMB does. Older spellings are read: `hyperparameters`, and `metrics` as a plain
    /// list.
    /// - Parameters:
    ///   - source: the file, for errors.
    ///   - checksSpelling: refuses unknown fields that look like a known one that is not there: for what a person has
    ///     written.
    /// - Throws: ``BundleError`` `metadata`.
    package init(reading document: JSONValue, from source: String, checksSpelling: Bool = false) throws {
        let fields = try MetadataFields(document, of: source, checksSpelling: checksSpelling)
        try fields.checkSpelling(Self.names)
        self.init(format: try fields.text("format") ?? "")
        author = try fields.text("author")
        // How Go writes a time that is not set.
        created = try fields.text("created").flatMap { $0.hasPrefix("0001-01-01") ? nil : $0 }
        description = try fields.text("description")
        tags = try fields.texts("tags")
        labels = try fields.textsByName("labels")
        gpuType = try fields.text("gpuType")
        framework = try fields.text("framework")
        metrics = try Self.metrics(fields)
        let spelling = fields.has("hyperParameters") ? "hyperParameters" : "hyperparameters"
        hyperParameters = try fields.objects(spelling).map(NamedValue.init)
        signature = try fields.object("signature").map(Signature.init)
        training = try fields.object("training")?.object("git").map(Repository.init)
        dataset = try fields.object("dataset")?.object("git").map(Repository.init)
        directoryStructure = try fields.texts("directoryStructure")
    }

    private static let names = [
        "author", "created", "description", "tags", "labels", "format", "gpuType", "framework", "metrics",
        "hyperParameters", "signature", "training", "dataset", "directoryStructure",
    ]

    private static func metrics(_ fields: MetadataFields) throws -> [String: [NamedValue]] {
        if fields.isList("metrics") {
            let values = try fields.objects("metrics").map(NamedValue.init)
            return values.isEmpty ? [:] : ["metrics": values]
        }
        guard let groups = try fields.object("metrics") else { return [:] }
        return try Dictionary(
            uniqueKeysWithValues: groups.names.map { ($0, try groups.objects($0).map(NamedValue.init)) }
        )
    }
}

extension BundleMetadata.NamedValue {
    fileprivate init(_ fields: MetadataFields) throws {
        try fields.checkSpelling(["name", "value"])
        self.init(name: try fields.text("name") ?? "", value: try fields.text("value") ?? "")
    }
}

extension BundleMetadata.Signature {
    fileprivate init(_ fields: MetadataFields) throws {
        try fields.checkSpelling(["inputs", "outputs", "layers"])
        inputs = try fields.objects("inputs").map(BundleMetadata.Tensor.init)
        outputs = try fields.objects("outputs").map(BundleMetadata.Tensor.init)
        if let counts = try fields.object("layers") {
            layers = try Dictionary(uniqueKeysWithValues: counts.names.map { ($0, try counts.integer($0) ?? 0) })
        }
    }
}

extension BundleMetadata.Tensor {
    fileprivate init(_ fields: MetadataFields) throws {
        try fields.checkSpelling(["name", "size", "dType", "opType", "values", "description"])
        self.init(name: try fields.text("name") ?? "")
        size = try fields.integers("size")
        dType = try fields.text("dType")
        opType = try fields.text("opType")
        values = try fields.texts("values")
    }
}

extension BundleMetadata.Repository {
    fileprivate init(_ fields: MetadataFields) throws {
        try fields.checkSpelling(["repository", "revision", "description"])
        self.init(repository: try fields.text("repository"), revision: try fields.text("revision"))
    }
}
