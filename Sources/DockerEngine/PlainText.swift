/// An engine's output as text for a log: what was meant for a terminal is taken out.
enum PlainText {
    /// The most characters of a line.
    static let limit = 2000

    /// One line without colours, cursor movements and control characters. Of a line that was written over again and
    /// again, as progress bars are, the last state.
    static func line(_ text: some StringProtocol) -> String {
        let states = String(text).unicodeScalars.split(separator: "\r")
        var rest = states.last { $0.contains { $0 != "\n" } } ?? Substring.UnicodeScalarView()
        var line = String.UnicodeScalarView()
        var count = 0
        while let scalar = rest.popFirst(), count < limit {
            if scalar == "\u{1b}" {
                skipSequence(&rest)
            } else if scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control {
                line.append(scalar == "\n" ? " " : scalar)
                count += 1
            }
        }
        var result = Substring(String(line))
        while result.last?.isWhitespace == true { result.removeLast() }
        return String(result)
    }

    /// Behind an escape character: `[…` up to a letter, or one character. Source: ECMA-48, section 5.4.
    private static func skipSequence(_ scalars: inout Substring.UnicodeScalarView) {
        guard scalars.popFirst() == "[" else { return }
        while let scalar = scalars.popFirst() {
            if ("\u{40}"..."\u{7e}").contains(scalar) { return }
        }
    }
}
