import JSON

/// Follows what an engine says while it builds: lines for a log, and, when it fails, at which step and with what words.
struct BuildProgress {
    /// Lines of a step's output that an error repeats.
    private static let remembered = 5

    /// Such as `Step 3/9 : RUN false`.
    private(set) var step: String?
    /// The last lines that the step's own program said.
    private var output: [String] = []
    /// A line that has not ended.
    private var partial = ""

    /// - Returns: lines for the log.
    /// - Throws: ``EngineError`` `buildFailed` for an object that says so.
    mutating func take(_ message: JSONValue) throws -> [String] {
        if let error = message["errorDetail"]?["message"]?.stringValue ?? message["error"]?.stringValue {
            // What a program said last may have no end of line.
            note(PlainText.line(partial))
            throw failure(error)
        }
        if let text = message["stream"]?.stringValue { return take(text) }
        // Of the layers of a base that is pulled, each tells its own progress again and again.
        if let status = message["status"]?.stringValue, message["progressDetail"] == nil {
            let subject = message["id"]?.stringValue.map { " (\($0))" } ?? ""
            return [PlainText.line(status + subject)]
        }
        return []
    }

    /// - Returns: the last line, if it has no end.
    mutating func finish() -> [String] { partial.isEmpty ? [] : take("\n") }

    private mutating func take(_ text: String) -> [String] {
        // By scalars: "\r\n" is one character.
        var lines = (partial + text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        partial = String(String.UnicodeScalarView(lines.removeLast().suffix(1 << 16)))
        return lines.compactMap { line in
            let line = PlainText.line(String(String.UnicodeScalarView(line)))
            guard !line.isEmpty else { return nil }
            note(line)
            return line
        }
    }

    private mutating func note(_ line: String) {
        if line.isEmpty { return }
        if line.hasPrefix("Step ") || line.hasPrefix("STEP ") {
            step = line
            output = []
        } else if !line.hasPrefix(" ---> "), !line.hasPrefix("Removing intermediate container") {
            output = output.suffix(Self.remembered - 1) + [line]
        }
    }

    private func failure(_ message: String) -> EngineError {
        let place = step.map { " at \"\($0.prefix(200))\"" } ?? ""
        let said =
            output.isEmpty ? "" : "; its last words: \(output.map { String($0.prefix(160)) }.joined(separator: " | "))"
        return EngineError(
            .buildFailed,
            "the Docker engine's build failed\(place): \(PlainText.line(message).prefix(600))\(said)"
        )
    }
}
