import FoundationEssentials

/// Points in time as text: `2026-03-01T10:00:00.123Z`. Source: RFC 3339, section 5.6.
enum RFC3339 {
    /// In UTC, with milliseconds.
    static func format(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Reads any number of fractional digits and any offset; nil for anything else.
    static func parse(_ text: String) -> Date? {
        guard let dot = text.firstIndex(of: ".") else {
            return try? Date.ISO8601FormatStyle().parse(text)
        }
        let digits = text[text.index(after: dot)...].prefix { $0.isASCII && $0.isNumber }
        guard let fraction = Double("0." + digits),
            let whole = try? Date.ISO8601FormatStyle().parse(String(text[..<dot] + text[digits.endIndex...]))
        else { return nil }
        return whole.addingTimeInterval(fraction)
    }

    /// The current time, cut to what ``format(_:)`` keeps.
    static func now() -> Date {
        Date(timeIntervalSince1970: (Date().timeIntervalSince1970 * 1000).rounded(.down) / 1000)
    }
}
