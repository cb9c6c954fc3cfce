/// A requirement of PEP 508, looked at closely enough to refuse what only works on the training machine.
struct Requirement {
    let text: String

    init(_ text: String, file: String) throws {
        func refuse(_ reason: String) -> ModelError {
            ModelError(.environment, file, "\"\(Self.shown(text))\" \(reason)")
        }
        let lower = text.lowercased()
        if text.hasPrefix(".") || text.hasPrefix("/") || text.hasPrefix("~") || lower.hasPrefix("file:") {
            throw refuse("is a path on the training machine; name a published package and its version")
        }
        if let scheme = lower.firstRange(of: "://"), !lower[..<scheme.lowerBound].contains("@") {
            throw refuse("is a bare address; write \"name @ address\"")
        }
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        guard Self.isName(name) else { throw refuse("is not a requirement (PEP 508)") }
        if name.lowercased().hasSuffix(".whl") {
            throw refuse("is a file on the training machine; name a published package and its version")
        }
        var rest = text[name.endIndex...].trimmed[...]
        if rest.first == "[" {
            guard let close = rest.firstIndex(of: "]") else { throw refuse("has extras without an end") }
            rest = rest[rest.index(after: close)...].trimmed[...]
        }
        if rest.first == "@" {
            let address = rest.dropFirst().trimmed.lowercased()
            guard address.contains("://"), !address.hasPrefix("file:") else {
                throw refuse("was built or kept on the training machine; name a published version (\(name)==…)")
            }
        } else {
            let marker = rest.firstIndex(of: ";") ?? rest.endIndex
            var specifiers = rest[..<marker].trimmed
            if specifiers.hasPrefix("("), specifiers.hasSuffix(")") {
                specifiers = String(specifiers.dropFirst().dropLast())
            }
            for specifier in specifiers.split(separator: ",") where !Self.isSpecifier(specifier.trimmed) {
                throw refuse("has \"\(specifier.trimmed)\" for a version; write one like \"\(name)==1.2.3\"")
            }
        }
        self.text = text
    }

    static func isName(_ name: some StringProtocol) -> Bool {
        guard let first = name.first, let last = name.last else { return false }
        let isEnd = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
        return isEnd(first) && isEnd(last) && name.allSatisfy { isEnd($0) || "._-".contains($0) }
    }

    /// An operator of PEP 440 and a version.
    static func isSpecifier(_ text: String) -> Bool {
        guard let operation = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"].first(where: text.hasPrefix) else {
            return false
        }
        let version = text.dropFirst(operation.count).trimmed
        let body = ["==", "!="].contains(operation) && version.hasSuffix(".*") ? String(version.dropLast(2)) : version
        return !body.isEmpty && body.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".+!_-".contains($0)) }
    }

    /// The requirement without what an address may carry in secret.
    private static func shown(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return String(text.prefix(120)) }
        let address = text[scheme.upperBound...]
        let host = address.prefix { $0 != "/" && $0 != "?" }
        return text[..<scheme.upperBound] + (host.split(separator: "@").last ?? "") + "/…"
    }
}

extension StringProtocol {
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
