import JSON

/// A path into a JSON document: `$[0].status.results[0].value`, `[*].id`, `$..name`, `['key']`.
///
/// The subset of JSONPath that manifests and tutorials use; filters and slices are not part of it.
struct JSONPath: Sendable {
    private enum Step: Sendable, Equatable {
        case member(String)
        case element(Int)
        case all
        case descendants(String)
    }

    private var steps: [Step] = []

    /// Nil when the text is not such a path.
    init?(_ text: String) {
        var rest = Substring(text)
        if rest.first == "$" { rest.removeFirst() }
        while let first = rest.first {
            if rest.hasPrefix("..") {
                rest.removeFirst(2)
                guard let name = Self.name(&rest) else { return nil }
                steps.append(.descendants(name))
            } else if first == "[" {
                guard let close = rest.firstIndex(of: "]") else { return nil }
                let inside = rest[rest.index(after: rest.startIndex)..<close]
                rest = rest[rest.index(after: close)...]
                guard let step = Self.bracketed(inside) else { return nil }
                steps.append(step)
            } else {
                if first == "." { rest.removeFirst() } else if !steps.isEmpty { return nil }
                if rest.first == "*" {
                    rest.removeFirst()
                    steps.append(.all)
                } else {
                    guard let name = Self.name(&rest) else { return nil }
                    steps.append(.member(name))
                }
            }
        }
    }

    private static func name(_ rest: inout Substring) -> String? {
        let name = rest.prefix { $0 != "." && $0 != "[" }
        rest = rest[name.endIndex...]
        return name.isEmpty ? nil : String(name)
    }

    private static func bracketed(_ text: Substring) -> Step? {
        if text == "*" { return .all }
        if let index = Int(text) { return .element(index) }
        guard let quote = text.first, quote == "'" || quote == "\"", text.count >= 2, text.last == quote else {
            return nil
        }
        return .member(String(text.dropFirst().dropLast()))
    }

    /// Every value the path leads to, in the document's order.
    func matches(in document: JSONValue) -> [JSONValue] {
        steps.reduce([document]) { found, step in found.flatMap { Self.apply(step, to: $0) } }
    }

    private static func apply(_ step: Step, to value: JSONValue) -> [JSONValue] {
        switch (step, value) {
        case (.member(let name), .object(let members)): members[name].map { [$0] } ?? []
        case (.element(let index), .array(let elements)):
            (value[index < 0 ? elements.count + index : index]).map { [$0] } ?? []
        case (.all, .array(let elements)): elements
        case (.all, .object(let members)): members.sorted { $0.key < $1.key }.map(\.value)
        case (.descendants(let name), _):
            apply(.member(name), to: value) + apply(.all, to: value).flatMap { apply(.descendants(name), to: $0) }
        default: []
        }
    }

    /// One match prints as it is, a string without quotes; several, or none, as a JSON list.
    func render(_ document: JSONValue) throws -> String {
        let found = matches(in: document)
        if found.count == 1, let string = found[0].stringValue { return string }
        let value = found.count == 1 ? found[0] : .array(found)
        return String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
    }
}
