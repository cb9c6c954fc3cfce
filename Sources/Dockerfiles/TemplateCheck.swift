import JSON

/// Refuses a template that asks for what there is not: the engine would silently write nothing in its place.
struct TemplateCheck {
    private let text: String
    /// The sections that are open, with the names each adds.
    private var open: [(name: String, names: JSONValue)]

    init(_ text: String) throws {
        self.text = text
        open = [("", try JSONValue(encoding: DockerfileValues.example))]
    }

    /// - Throws: ``DockerfileError`` `invalidTemplate`.
    mutating func run() throws {
        var line = 1
        var rest = text[...]
        while let character = rest.popFirst() {
            if character.isNewline { line += 1 }
            guard character == "{", rest.first == "{" else { continue }
            rest.removeFirst()
            guard let tag = Self.tag(&rest) else { throw Self.error(line, "a tag is not closed") }
            try check(tag, line)
            line += tag.count(where: \.isNewline)
        }
        if open.count > 1, let last = open.last { throw Self.error(line, "the section \(last.name) is not closed") }
    }

    /// What is between the braces; nil without the closing ones.
    private static func tag(_ rest: inout Substring) -> Substring? {
        var end = rest.startIndex
        while end < rest.endIndex {
            if rest[end...].hasPrefix("}}") {
                let tag = rest[..<end]
                rest = rest[end...].dropFirst(2)
                if tag.first == "{", rest.first == "}" { rest.removeFirst() }
                return tag
            }
            end = rest.index(after: end)
        }
        return nil
    }

    private mutating func check(_ tag: Substring, _ line: Int) throws {
        let kind = tag.first.flatMap { "#^/!{&><$=%".contains($0) ? $0 : nil }
        let name = String((kind == nil ? tag : tag.dropFirst()).filter { !$0.isWhitespace })
        switch kind {
        case "!": break
        case "#", "^":
            let value = try value(of: name, line)
            if case .array(let elements) = value {
                open.append((name, elements.first ?? .null))
            } else {
                open.append((name, value))
            }
        case "/":
            guard open.count > 1, open.removeLast().name == name else {
                throw Self.error(line, "the section \(name) is closed, which is not the one that is open")
            }
        case nil, "{", "&": _ = try value(of: name, line)
        default:
            throw Self.error(line, "{{\(tag)}} is of a kind that is not supported: only variables and sections are")
        }
    }

    /// An example of the value, from the innermost section that has it.
    private func value(of name: String, _ line: Int) throws -> JSONValue {
        if name == "." { return open.last?.names ?? .null }
        for section in open.reversed() {
            if let value = section.names[name] { return value }
        }
        throw Self.error(line, "there is no \"\(name)\" here; there are \(known.sorted().joined(separator: ", "))")
    }

    /// All names at this place.
    private var known: Set<String> { Set(open.flatMap { $0.names.objectValue?.keys.map(\.self) ?? [] }) }

    private static func error(_ line: Int, _ reason: String) -> DockerfileError {
        DockerfileError(.invalidTemplate, "line \(line) of the Dockerfile's template: \(reason)")
    }
}

extension DockerfileValues {
    /// Values with one of each kind: what a template may name.
    fileprivate static let example = DockerfileValues(
        base: "",
        baseName: "",
        baseDigest: "",
        environment: Environment(
            python: "",
            prefix: "",
            directory: "",
            pip: "",
            create: "",
            remove: "",
            install: "",
            usesIndex: true
        ),
        additions: [""],
        copies: [""],
        variables: [Assignment(name: "", value: "")],
        labels: [Assignment(name: "", value: "")],
        ports: [0],
        user: "",
        workingDirectory: "",
        entrypoint: "",
        command: ""
    )
}
