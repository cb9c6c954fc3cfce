import JSON
import Testing

@testable import PackagerAPI

/// The operations of the OpenAPI document, with what their references lead to.
struct APIDocument {
    struct Operation {
        /// `GET /packaging`
        var name: String
        var tags: [String]
        var parameters: [JSONValue]
        /// Of the request and of the replies.
        var bodies: [Body]
    }

    struct Body {
        /// `request` or a status, and the media type.
        var name: String
        var isReply: Bool
        var content: JSONValue
    }

    private static let methods: Set = ["get", "put", "post", "delete", "patch", "head", "options"]

    private let document: JSONValue
    private(set) var operations: [Operation] = []

    init() throws {
        document = try OpenAPIDocument.value()
        for (path, item) in try #require(document["paths"]?.objectValue) {
            for (method, operation) in item.objectValue ?? [:] where Self.methods.contains(method) {
                let parameters = (item["parameters"]?.arrayValue ?? []) + (operation["parameters"]?.arrayValue ?? [])
                let replies = operation["responses"]?.objectValue ?? [:]
                operations.append(
                    Operation(
                        name: "\(method.uppercased()) \(path)",
                        tags: operation["tags"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                        parameters: parameters.map(resolved),
                        bodies: bodies(operation["requestBody"] ?? .null, "request")
                            + replies.flatMap { bodies($0.value, $0.key) }
                    )
                )
            }
        }
    }

    private func bodies(_ value: JSONValue, _ name: String) -> [Body] {
        (resolved(value)["content"]?.objectValue ?? [:]).map {
            Body(name: "\(name) \($0.key)", isReply: name != "request", content: $0.value)
        }
    }

    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.stringValue else { return value }
        return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
    }
}
