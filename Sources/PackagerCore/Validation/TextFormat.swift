import FoundationEssentials
import Glibc

/// The forms of text that a schema's `format` names and that are held to it; any other name is for people.
///
/// Source: JSON Schema validation, draft 7, section 7.3.
enum TextFormat: String, CaseIterable {
    case date, email, hostname, ipv4, ipv6, regex, time, uri, uuid
    case dateTime = "date-time"

    func accepts(_ text: String) -> Bool {
        switch self {
        // Foundation reads the 30th of February as a day of March.
        case .date: RFC3339.parse(text + "T00:00:00Z").map(RFC3339.format)?.hasPrefix(text + "T") == true
        case .time: RFC3339.parse("2000-01-01T" + text) != nil
        case .dateTime: RFC3339.parse(text) != nil
        case .email: text.wholeMatch(of: /[^@\s]+@[^@\s]+/) != nil
        case .hostname:
            text.utf8.count <= 255
                && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                    label.wholeMatch(of: /[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?/) != nil
                }
        case .ipv4: Self.isAddress(text, AF_INET)
        case .ipv6: Self.isAddress(text, AF_INET6)
        case .regex: (try? Regex(text)) != nil
        case .uri: text.wholeMatch(of: /[A-Za-z][-+.A-Za-z0-9]*:[!-~]+/) != nil
        case .uuid: UUID(uuidString: text) != nil
        }
    }

    private static func isAddress(_ text: String, _ family: CInt) -> Bool {
        var address = in6_addr()
        return !text.contains("\0") && inet_pton(family, text, &address) == 1
    }
}
