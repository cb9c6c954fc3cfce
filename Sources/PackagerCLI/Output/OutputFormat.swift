import ArgumentParser
import JSON
import YAML

/// How entities are printed: `-o table|yaml|json|name|jsonpath=EXPRESSION`.
enum OutputFormat: ExpressibleByArgument, Sendable {
    case table, yaml, json, name
    case jsonPath(JSONPath)

    init?(argument: String) {
        switch argument {
        case "table": self = .table
        case "yaml": self = .yaml
        case "json": self = .json
        case "name": self = .name
        default:
            guard argument.hasPrefix("jsonpath="), let path = JSONPath(String(argument.dropFirst(9))) else {
                return nil
            }
            self = .jsonPath(path)
        }
    }

    static var allValueStrings: [String] { ["table", "yaml", "json", "name", "jsonpath=EXPRESSION"] }

    /// - Parameters:
    ///   - entities: what is printed; one JSON object each.
    ///   - columns: the columns of a table: title and the path of the value.
    func render(_ entities: [JSONValue], columns: [Table.Column]) throws -> String {
        switch self {
        case .table: Table(columns: columns, rows: entities).text
        // What is printed gets its line break there.
        case .yaml: String(YAML.text(.array(entities)).dropLast())
        case .json: String(decoding: try CanonicalJSON.encode(JSONValue.array(entities)), as: UTF8.self)
        // One a line, for `xargs`.
        case .name: entities.compactMap { ($0["id"] ?? $0["name"])?.stringValue }.joined(separator: "\n")
        case .jsonPath(let path): try path.render(.array(entities))
        }
    }
}
