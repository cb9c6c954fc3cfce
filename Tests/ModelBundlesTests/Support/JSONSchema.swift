import JSON

/// As much of JSON Schema (draft 2020-12) as ModelPack's schema asks for.
struct JSONSchema {
    private let schema: JSONValue
    private static let known: Set<String> = [
        "$schema", "description", "type", "additionalProperties", "required", "properties", "items", "enum", "format",
        "pattern", "minLength", "minItems",
    ]

    init(_ schema: JSONValue) { self.schema = schema }

    /// What is wrong with a document, each with its place.
    func problems(in value: JSONValue, at place: String = "$") -> [String] {
        let keywords = schema.objectValue ?? [:]
        var problems = keywords.keys.filter { !Self.known.contains($0) }.map {
            "\(place): keyword \($0) is not understood"
        }
        if let type = schema["type"]?.stringValue, type != Self.type(of: value) {
            return problems + ["\(place) is \(Self.type(of: value)), not \(type)"]
        }
        if let choices = schema["enum"]?.arrayValue, !choices.contains(value) {
            problems.append("\(place) is none of \(choices)")
        }
        if let text = value.stringValue { problems += textProblems(text, place) }
        if let elements = value.arrayValue {
            if let least = schema["minItems"]?.integerValue, elements.count < least {
                problems.append("\(place) is too short")
            }
            if let items = schema["items"] {
                for (index, element) in elements.enumerated() {
                    problems += JSONSchema(items).problems(in: element, at: "\(place)[\(index)]")
                }
            }
        }
        if let members = value.objectValue { problems += memberProblems(members, place) }
        return problems
    }

    private func memberProblems(_ members: [String: JSONValue], _ place: String) -> [String] {
        var problems: [String] = []
        for name in schema["required"]?.arrayValue ?? [] where members[name.stringValue ?? ""] == nil {
            problems.append("\(place) lacks \(name)")
        }
        for (name, value) in members {
            if let property = schema["properties"]?[name] {
                problems += JSONSchema(property).problems(in: value, at: "\(place).\(name)")
            } else if schema["additionalProperties"] == false {
                problems.append("\(place) has the unknown member \(name)")
            }
        }
        return problems
    }

    private func textProblems(_ text: String, _ place: String) -> [String] {
        var problems: [String] = []
        if let least = schema["minLength"]?.integerValue, text.count < least {
            problems.append("\(place) is too short")
        }
        if schema["format"] == "date-time",
            text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/) == nil
        {
            problems.append("\(place) is no date-time")
        }
        if schema["pattern"] == "^[a-z]{2}$", text.wholeMatch(of: /[a-z]{2}/) == nil {
            problems.append("\(place) does not match")
        }
        return problems
    }

    private static func type(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
