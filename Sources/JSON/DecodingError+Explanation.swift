extension DecodingError {
    /// Which member of a document is wrong, what it should be and what it is, as a user would say it:
    /// `spec.targets must be a list, not an object`.
    package func explanation(in document: JSONValue) -> String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.path(context.codingPath + [key])) is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "\(Self.path(context.codingPath)) must be \(Self.name(of: type)), not \(document.kind(at: context.codingPath))"
        case .dataCorrupted(let context):
            "\(Self.path(context.codingPath)) is not valid: \(context.debugDescription)"
        @unknown default:
            "the document does not have the expected form"
        }
    }

    /// `spec.targets[0].name`
    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path.isEmpty ? "the document" : path
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        default:
            // Decoders name containers by types such as `Array<Any>` and `Dictionary<String, Any>`.
            String(describing: type).hasPrefix("Array") ? "a list" : "an object"
        }
    }
}

extension JSONValue {
    /// What the value is, with its article, for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    fileprivate func kind(at keys: [any CodingKey]) -> String {
        var value: JSONValue? = self
        for key in keys { value = key.intValue.map { value?[$0] } ?? value?[key.stringValue] }
        return value?.kind ?? "null"
    }
}
