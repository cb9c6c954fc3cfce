/// Takes what is secret out of text that goes to errors and logs.
package enum Redaction {
    /// The text with user information and query strings removed from every URL in it.
    package static func redact(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let scheme = rest.firstRange(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let end = rest.firstIndex { $0.isWhitespace || "`'\"<>()".contains($0) } ?? rest.endIndex
            result += strip(rest[..<end])
            rest = rest[end...]
        }
        return result + rest
    }

    /// A URL without its fragment, where indexes put hashes.
    static func withoutFragment(_ url: String) -> String {
        String(url.prefix { $0 != "#" })
    }

    private static func strip(_ address: Substring) -> Substring {
        var address = address
        if let query = address.firstIndex(of: "?") { address = address[..<query] }
        let authorityEnd = address.firstIndex(of: "/") ?? address.endIndex
        if let at = address[..<authorityEnd].lastIndex(of: "@") { address = address[address.index(after: at)...] }
        return address
    }
}

extension StringProtocol {
    /// The first place where a piece of text occurs.
    package func firstRange(of needle: String) -> Range<Index>? {
        let length = needle.count
        var start = startIndex
        while let end = index(start, offsetBy: length, limitedBy: endIndex) {
            if self[start..<end] == needle { return start..<end }
            guard start < endIndex else { return nil }
            start = index(after: start)
        }
        return nil
    }

    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
