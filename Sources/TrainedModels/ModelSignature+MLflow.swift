import JSON
import YAML

extension ModelSignature {
    /// The signature in `MLmodel`: lists of column or tensor specifications, as JSON in a string. Nil when there is none.
    init?(mlmodel document: JSONValue, path: String) throws {
        guard let signature = document["signature"], signature != .null else { return nil }
        self.init(
            inputs: try Self.fields(signature["inputs"], "signature.inputs", path),
            outputs: try Self.fields(signature["outputs"], "signature.outputs", path)
        )
    }

    private static func fields(_ value: JSONValue?, _ field: String, _ path: String) throws -> [Field] {
        func malformed(_ reason: String) -> ModelError {
            ModelError(.manifest, path, "\(field) \(reason); save the model with mlflow again")
        }
        var list = value ?? .null
        if let text = list.stringValue {
            do {
                list = try YAML.documents(in: text).first ?? .null
            } catch {
                throw malformed("is not JSON: \(error)")
            }
        }
        if list == .null { return [] }
        guard let entries = list.arrayValue else { throw malformed("is not a list") }
        return try entries.map { entry in
            guard let type = entry["type"]?.stringValue else { throw malformed("has an entry without a type") }
            let isRequired = entry["required"]?.boolValue ?? entry["optional"]?.boolValue.map { !$0 } ?? true
            guard type == "tensor" else {
                return Field(name: entry["name"]?.stringValue, type: type, required: isRequired)
            }
            guard let tensor = entry["tensor-spec"], let element = tensor["dtype"]?.stringValue,
                let shape = tensor["shape"]?.arrayValue?.map({ $0.integerValue.flatMap { Int(exactly: $0) } }),
                !shape.contains(nil)
            else { throw malformed("has a tensor without dtype or shape") }
            return Field(
                name: entry["name"]?.stringValue,
                type: element,
                shape: shape.compactMap(\.self),
                required: isRequired
            )
        }
    }
}
