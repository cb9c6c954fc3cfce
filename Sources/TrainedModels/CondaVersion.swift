/// Conda's version constraints in PEP 440's terms.
///
/// Conda's `=1.2` and `1.2.*` are prefixes (`==1.2.*`); a bare `1.2` is exact. PEP 440 has no "or": of alternatives the
/// last is taken, which narrows what Conda would take and never widens it.
enum CondaVersion {
    /// The specifiers, joined with commas; "" for any version.
    ///
    /// - Parameter asPrefix: makes an exact version a prefix, for packages that PyPI numbers with one more part.
    static func specifiers(_ written: String, of spec: CondaSpec, asPrefix: Bool = false, file: String) throws -> String
    {
        let version = written.filter { !$0.isWhitespace && $0 != "(" && $0 != ")" }
        guard let alternative = version.split(separator: "|", omittingEmptySubsequences: false).last else { return "" }
        return try alternative.split(separator: ",").compactMap { part in
            guard let specifier = specifier(part, asPrefix) else {
                throw ModelError(
                    .environment,
                    file,
                    "dependencies has \"\(spec.text)\": the version \"\(part)\" cannot be said in PEP 440; list the package under pip with the version wanted"
                )
            }
            return specifier.isEmpty ? nil : specifier
        }.joined(separator: ",")
    }

    private static func specifier(_ part: Substring, _ asPrefix: Bool) -> String? {
        if part == "*" || part == "=*" || part == "==*" { return "" }
        let operation = ["==", "!=", ">=", "<=", "~=", ">", "<", "="].first(where: part.hasPrefix) ?? ""
        var version = part.dropFirst(operation.count)
        let isPrefix = version.hasSuffix("*")
        if isPrefix { version = version.dropLast(version.hasSuffix(".*") ? 2 : 1) }
        guard isVersion(version) else { return nil }
        let isRelease = version.allSatisfy { $0.isNumber || $0 == "." }
        switch operation {
        // Ordered comparison and compatible releases take no prefix in PEP 440; Conda drops the star.
        case ">=", "<=", ">", "<": return operation + version
        case "~=": return version.contains(".") ? "~=" + version : ">=" + version + ",==" + version + ".*"
        case "!=": return isPrefix && isRelease ? "!=\(version).*" : "!=\(version)"
        default:
            let wantsPrefix = isPrefix || operation == "=" || asPrefix
            return wantsPrefix && isRelease ? "==\(version).*" : "==\(version)"
        }
    }

    /// A version of PEP 440 without its rarer spellings: `[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]`.
    static func isVersion(_ text: Substring) -> Bool {
        text.wholeMatch(of: /(\d+!)?\d+(\.\d+)*((a|b|rc)\d+)?(\.?post\d+)?(\.?dev\d+)?(\+[A-Za-z0-9.]+)?/) != nil
    }

    /// The Python that a constraint asks for: `3.11`, or `3.11.7` where it is that exact. A lower bound alone gives that
    /// bound's minor version, which is sure to be allowed. Nil when the constraint leaves it open.
    static func python(_ specifiers: String) -> String? {
        for operation in ["===", "==", "~=", ">=", ">"] {
            for part in specifiers.split(separator: ",") where part.hasPrefix(operation) {
                var version = part.dropFirst(operation.count)
                let isPrefix = version.hasSuffix(".*")
                if isPrefix { version = version.dropLast(2) }
                let numbers = version.split(separator: ".").prefix { $0.allSatisfy(\.isNumber) }
                guard numbers.count >= 2 else { continue }
                return numbers.prefix(operation.hasPrefix("==") ? 3 : 2).joined(separator: ".")
            }
            if operation == "==", specifiers.contains("==") { return nil }
        }
        return nil
    }
}
