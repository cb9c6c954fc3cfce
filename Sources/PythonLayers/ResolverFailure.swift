/// Makes one sentence of what uv says when it fails.
enum ResolverFailure {
    /// The error for a failed resolution.
    static func error(_ output: String, python: PythonVersion, platform: TargetPlatform) -> PythonEnvironmentError {
        let reason = reason(in: output)
        if output.firstRange(of: "No solution found") != nil {
            return PythonEnvironmentError(
                .unresolvable,
                "the requirements cannot be met for Python \(python) on \(platform): \(reason)"
            )
        }
        if output.firstRange(of: "Couldn't parse requirement") != nil {
            return PythonEnvironmentError(.invalidParameters, "a requirement cannot be read: \(reason)")
        }
        return PythonEnvironmentError(.resolverFailed, "the requirements cannot be resolved: \(reason)")
    }

    /// The most characters of a reason.
    private static let limit = 700

    /// The essential part: the deepest cause of an unsatisfiable set, else all causes, without secrets.
    static func reason(in output: String) -> String {
        let statements = statements(in: output)
        var causes = statements.filter { $0.kind == .cause }.map(\.text)
        let errors = statements.filter { $0.kind == .error }.map(\.text)
        let hints = statements.filter { $0.kind == .hint }.map(\.text)
        if !errors.contains(where: { $0.hasPrefix("No solution found") }) || causes.isEmpty { causes = errors + causes }
        var reason =
            causes.isEmpty ? output.split(separator: "\n").last.map(String.init) ?? "" : causes.joined(separator: ": ")
        for (phrase, shorter) in [
            (", we can conclude that your requirements are unsatisfiable.", ""),
            ("Because ", ""),
            ("And because ", "and "),
        ] {
            while let range = reason.firstRange(of: phrase) { reason.replaceSubrange(range, with: shorter) }
        }
        if let hint = hints.first, reason.count + hint.count < limit { reason += " (\(hint))" }
        if reason.count > limit { reason = reason.prefix(limit) + " …" }
        while reason.last == "." { reason.removeLast() }
        return reason.isEmpty ? "uv gave no reason" : Redaction.redact(reason)
    }

    private enum Kind { case error, cause, hint, other }

    /// uv's paragraphs: a label, and the lines that follow it without one.
    private static func statements(in output: String) -> [(kind: Kind, text: String)] {
        let labels: [(String, Kind)] = [
            ("error:", .error), ("cause:", .cause), ("Caused by:", .cause), ("hint:", .hint), ("warning:", .other),
        ]
        var statements: [(kind: Kind, text: String)] = []
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            let mark = line.first { !$0.isWhitespace }
            // Older versions draw a tree: × starts the error, ╰─▶ the cause.
            let text = String(line.drop { $0.isWhitespace || "×├╰─▶│".contains($0) }).trimmed
            if let (label, kind) = labels.first(where: { text.hasPrefix($0.0) }) {
                statements.append((kind, String(text.dropFirst(label.count)).trimmed))
            } else if mark == "×" || mark == "╰" || mark == "├" {
                statements.append((mark == "×" ? .error : .cause, text))
            } else if text.isEmpty || line.first?.isWhitespace != true {
                statements.append((.other, ""))
            } else if let last = statements.indices.last, statements[last].kind != .other, !text.isEmpty {
                statements[last].text += " " + text
            }
        }
        return statements
    }
}
