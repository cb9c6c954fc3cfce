import FoundationEssentials
import JSON

/// A `.pt2` of `torch.export`, or one compiled ahead of time: `models/model.json` in it is the exported program
/// (`torch/_export/serde/schema.py`).
enum TorchExportModel {
    private static let programs = ["/models/model.json", "serialized_exported_program.json"]

    static func recognizes(_ zip: ZipMembers) -> Bool {
        program(zip) != nil || isCompiled(zip)
    }

    /// - Returns: a header with the trait `aoti` 1 for a model that is compiled ahead of time.
    static func header(_ zip: ZipMembers) throws -> ModelHeader {
        var header = ModelHeader()
        if isCompiled(zip) { header.traits["aoti"] = 1 }
        header.problem = "the .pt2 file does not describe its inputs and outputs"
        guard let bytes = try zip.bytes(of: program(zip)),
            let document = try? CanonicalJSON.decode(JSONValue.self, from: Data(bytes)),
            let module = document["graph_module"], let values = module["graph"]?["tensor_values"]?.objectValue,
            let inputs = module["signature"]?["input_specs"]?.arrayValue,
            let outputs = module["signature"]?["output_specs"]?.arrayValue
        else { return header }
        header.problem = nil
        func fields(_ specs: [JSONValue], _ key: String) -> [ModelSignature.Field] {
            specs.compactMap { spec in
                guard let argument = spec[key]?["arg"] else { return nil }
                guard let name = argument["as_tensor"]?["name"]?.stringValue else {
                    let kind = argument.objectValue?.keys.sorted().first ?? "nothing"
                    header.problem =
                        header.problem ?? "the model takes or returns something else than tensors (\(kind))"
                    return nil
                }
                return field(name, values[name])
            }
        }
        header.signature = ModelSignature(inputs: fields(inputs, "user_input"), outputs: fields(outputs, "user_output"))
        return header
    }

    private static func program(_ zip: ZipMembers) -> String? {
        zip.names.first { name in programs.contains { name.hasSuffix($0) } }
    }

    private static func isCompiled(_ zip: ZipMembers) -> Bool {
        zip.names.contains { $0.contains("data/aotinductor/") }
    }

    /// A length that is an expression is any length.
    private static func field(_ name: String, _ value: JSONValue?) -> ModelSignature.Field {
        ModelSignature.Field(
            name: name,
            type: value?["dtype"]?.integerValue.flatMap(ElementType.torchExport) ?? "",
            shape: value?["sizes"]?.arrayValue?.map { $0["as_int"]?.integerValue.flatMap { Int(exactly: $0) } ?? -1 }
        )
    }
}
