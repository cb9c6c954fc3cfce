extension DecodingError {
    /// Which field is wrong and what was expected, as a user would say it.
    package var explanation: String {
        switch self {
        case .keyNotFound(let key, let context): "the field \"\(Self.path(context.codingPath + [key]))\" is missing"
        case .typeMismatch(let type, let context):
            "the field \"\(Self.path(context.codingPath))\" has the wrong type; expected \(Self.name(of: type))"
        case .valueNotFound(let type, let context):
            "the field \"\(Self.path(context.codingPath))\" is empty; expected \(Self.name(of: type))"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? context.debugDescription
                : "the field \"\(Self.path(context.codingPath))\": \(context.debugDescription)"
        @unknown default: "\(self)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch "\(type)" {
        case "String": "a string"
        case "Int", "Int64", "Double": "a number"
        case "Bool": "true or false"
        case let name where name.hasPrefix("Array"): "a list"
        case let name where name.hasPrefix("Dictionary"): "a map"
        default: "a map"
        }
    }
}
