/// One entry of a Conda environment: `channel::name version build`, in any of Conda's spellings.
///
/// Source: conda's `MatchSpec` ("Package match specifications").
struct CondaSpec {
    let text: String
    /// Lower case.
    let name: String
    /// The version as written, with its operator; "" for any.
    let version: String
    let build: String?

    init(_ text: String, file: String) throws {
        func refuse(_ reason: String) -> ModelError {
            ModelError(.environment, file, "dependencies has \"\(text)\": \(reason)")
        }
        var rest = text.prefix { $0 != "#" }.trimmed
        if let channel = rest.firstRange(of: "::") { rest = rest[channel.upperBound...].trimmed }
        guard !rest.contains("://"), !rest.hasPrefix("/") else {
            throw refuse("a package by its address cannot be read; write its name and version")
        }
        var bracketed: [String: String] = [:]
        if let open = rest.firstIndex(of: "[") {
            guard rest.hasSuffix("]") else { throw refuse("the bracket has no end") }
            bracketed = Self.fields(rest[rest.index(after: open)...].dropLast())
            rest = rest[..<open].trimmed
        }
        let name = rest.prefix { !"=<>!~ \t".contains($0) }
        guard Requirement.isName(name.drop { $0 == "_" }) else { throw refuse("it is no package of Conda") }
        var remainder = rest[name.endIndex...].trimmed
        var build = bracketed["build"]
        // "name version build" and "name=version=build"
        let words = remainder.split(whereSeparator: \.isWhitespace)
        if words.count == 2, let last = words.last, !"=<>!~,|".contains(words[0].last ?? " "),
            !"=<>!~,|".contains(last.first ?? "=")
        {
            build = String(last)
            remainder = String(words[0])
        } else {
            remainder = words.joined()
            let start = remainder.drop { "=<>!~".contains($0) }
            if let equals = start.firstIndex(of: "="), !"<>!~=,|".contains(start[start.index(before: equals)]) {
                build = String(start[start.index(after: equals)...])
                remainder = String(remainder[..<equals])
                // With a build, "=1.2" is that version and no prefix of it.
                if remainder.hasPrefix("="), !remainder.hasPrefix("=="), !remainder.hasSuffix("*") {
                    remainder = "=" + remainder
                }
            }
        }
        self.text = text
        self.name = name.lowercased()
        self.build = build == "*" ? nil : build
        version = bracketed["version"] ?? remainder
    }

    /// `version='>=1',build=x` within brackets.
    private static func fields(_ text: Substring) -> [String: String] {
        var fields: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let key = rest[..<equals].trimmed
            rest = rest[rest.index(after: equals)...]
            let quote = rest.first.flatMap { "'\"".contains($0) ? $0 : nil }
            if quote != nil { rest.removeFirst() }
            let end = rest.firstIndex { $0 == quote ?? "," } ?? rest.endIndex
            fields[key] = String(rest[..<end])
            rest = rest[end...].drop { "'\", ".contains($0) }
        }
        return fields
    }
}
