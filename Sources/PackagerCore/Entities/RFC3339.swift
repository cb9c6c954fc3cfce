import FoundationEssentials

/// Points in time as text: `2026-03-01T10:00:00.123Z`. Source: RFC 3339, section 5.6.
enum RFC3339 {
    /// In UTC, rounded to milliseconds; Foundation's own style cuts them, so that a date it has read back would differ.
    static func format(_ date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
        let fraction = (milliseconds % 1000 + 1000) % 1000
        let seconds = (milliseconds - fraction) / 1000
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
        return whole.dropLast() + "." + String(repeating: "0", count: 3 - String(fraction).count) + "\(fraction)Z"
    }

    /// Reads any number of fractional digits and any offset; nil for anything else.
    static func parse(_ text: String) -> Date? {
        guard let dot = text.firstIndex(of: ".") else {
            return try? Date.ISO8601FormatStyle().parse(text)
        }
        let digits = text[text.index(after: dot)...].prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let fraction = Double("0." + digits),
            let whole = try? Date.ISO8601FormatStyle().parse(String(text[..<dot] + text[digits.endIndex...]))
        else { return nil }
        return whole.addingTimeInterval(fraction)
    }

    /// The current time, cut to what ``format(_:)`` keeps.
    static func now() -> Date {
        parse(format(Date())) ?? Date()
    }
}
