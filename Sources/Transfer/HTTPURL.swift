import CCurl

/// An absolute `http` or `https` URL, taken apart by the same parser that the transfer uses.
package struct HTTPURL: Sendable, Hashable {
    /// Lower case.
    package let scheme: String
    /// Lower case; an IPv6 address in brackets.
    package let host: String
    package let port: Int
    /// Starts with `/`.
    package let path: String
    /// Without the question mark.
    package let query: String?
    /// The whole URL without fragment.
    package let text: String

    /// - Throws: ``TransferError`` `invalidURL`.
    package init(_ text: String) throws {
        self = try Self.parse([text], flags: 0)
    }

    /// What a `Location` means in an answer from this URL: absolute, or relative to it. Source: RFC 9110, section 10.2.2.
    ///
    /// - Throws: ``TransferError`` `invalidURL`, also when the reference holds user information.
    package func resolving(_ reference: String) throws -> HTTPURL {
        try Self.parse([text, reference], flags: UInt32(CURLU_DISALLOW_USER))
    }

    /// The URL with one more query parameter at the end; name and value are encoded.
    package func appendingQuery(_ name: String, _ value: String) throws -> HTTPURL {
        let pair = name.queryEncoded + "=" + value.queryEncoded
        let separator = query == nil ? "?" : query?.isEmpty == true ? "" : "&"
        return try HTTPURL(text + (query?.isEmpty == true && !text.hasSuffix("?") ? "?" : separator) + pair)
    }

    /// `host:port`, for messages.
    package var address: String { "\(host):\(port)" }

    /// What is compared before credentials are sent along. Source: RFC 6454, section 4.
    package func hasSameOrigin(as other: HTTPURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Whether the host is this machine by its name or address: `localhost`, `127.0.0.0/8` or `::1`.
    package var isLoopback: Bool { Self.isLoopback(host: host) }

    /// - Parameter host: without port; an IPv6 address with or without brackets.
    package static func isLoopback(host: String) -> Bool {
        let name = host.lowercased()
        let octets = name.split(separator: ".", omittingEmptySubsequences: false)
        return name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]" || name == "::1"
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil })
    }

    /// Each text resolves against the one before.
    private static func parse(_ texts: [String], flags: UInt32) throws -> HTTPURL {
        guard let handle = curl_url() else { throw TransferError(.other, "the client", "has no memory left") }
        defer { curl_url_cleanup(handle) }
        for (index, text) in texts.enumerated() {
            let result = curl_url_set(handle, CURLUPART_URL, text, index == texts.count - 1 ? flags : 0)
            guard result == CURLUE_OK else {
                throw TransferError(
                    .invalidURL,
                    "a URL",
                    "cannot be read: \(String(cString: curl_url_strerror(result)))"
                )
            }
        }
        curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
        let scheme = part(handle, CURLUPART_SCHEME)?.lowercased() ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw TransferError(.invalidURL, "a URL", "has the scheme \"\(scheme)\"; only http and https are known")
        }
        guard let host = part(handle, CURLUPART_HOST)?.lowercased(), !host.isEmpty,
            let port = part(handle, CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) }),
            let text = part(handle, CURLUPART_URL)
        else { throw TransferError(.invalidURL, "a URL", "names no host") }
        return HTTPURL(
            scheme: scheme,
            host: host,
            port: port,
            path: part(handle, CURLUPART_PATH) ?? "/",
            query: part(handle, CURLUPART_QUERY),
            text: text
        )
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, flags: UInt32 = 0) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &value, flags) == CURLUE_OK, let value else { return nil }
        defer { curl_free(value) }
        return String(cString: value)
    }

    private init(scheme: String, host: String, port: Int, path: String, query: String?, text: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.text = text
    }
}

extension String {
    /// Percent-encoded for one name or value of a query or form: everything but RFC 3986's unreserved characters.
    package var queryEncoded: String {
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
