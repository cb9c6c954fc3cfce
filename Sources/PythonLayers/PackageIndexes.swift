import FoundationEssentials

/// Where packages are looked for. URLs may hold a user and password; neither reaches a log or an error.
package struct PackageIndexes: Sendable, Hashable {
    /// The index that is asked last, in place of uv's own default; nil keeps that.
    package var indexURL: String?
    /// Indexes that are asked before it.
    package var extraIndexURLs: [String]
    /// Directories, or pages, with links to files.
    package var findLinks: [String]
    /// Whether only ``findLinks`` are looked at.
    package var noIndex: Bool

    package init(
        indexURL: String? = nil,
        extraIndexURLs: [String] = [],
        findLinks: [String] = [],
        noIndex: Bool = false
    ) {
        self.indexURL = indexURL
        self.extraIndexURLs = extraIndexURLs
        self.findLinks = findLinks
        self.noIndex = noIndex
    }

    /// The places that uv's own variables name.
    package init(environment: [String: String]) {
        func list(_ names: String...) -> [String] {
            let value = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
            return value.split { $0.isWhitespace || $0 == "," }.map(String.init)
        }
        self.init(
            indexURL: list("UV_DEFAULT_INDEX", "UV_INDEX_URL").first,
            extraIndexURLs: list("UV_INDEX", "UV_EXTRA_INDEX_URL"),
            findLinks: list("UV_FIND_LINKS"),
            noIndex: ["1", "true"].contains(environment["UV_NO_INDEX"]?.lowercased())
        )
    }

    /// uv's variables for these places and no others: unlike arguments, they are not in every user's list of processes.
    var environment: [String: String?] {
        [
            "UV_DEFAULT_INDEX": indexURL,
            "UV_INDEX_URL": nil,
            "UV_INDEX": extraIndexURLs.isEmpty ? nil : extraIndexURLs.joined(separator: " "),
            "UV_EXTRA_INDEX_URL": nil,
            "UV_FIND_LINKS": findLinks.isEmpty ? nil : findLinks.joined(separator: ","),
            "UV_NO_INDEX": noIndex ? "1" : nil,
        ]
    }

    /// What identifies these places in a key: everything but the credentials.
    var identity: [String] {
        [indexURL ?? "default", "\(noIndex)"]
            .map(Redaction.redact) + extraIndexURLs.map(Redaction.redact) + ["links"] + findLinks.map(Redaction.redact)
    }

    /// The `Authorization` header for a file: the URL's own credentials, or those of the index at the same origin.
    package func authorization(for url: String) -> String? {
        guard let target = Origin(url) else { return nil }
        if let own = target.authorization { return own }
        return ([indexURL].compactMap(\.self) + extraIndexURLs + findLinks).lazy.compactMap(Origin.init)
            .first { $0.scheme == target.scheme && $0.authority == target.authority && $0.authorization != nil }?
            .authorization
    }
}

/// Scheme, host, port and credentials of a URL.
struct Origin {
    var scheme: String
    /// Host and port.
    var authority: String
    /// Value of an `Authorization` header of the scheme Basic (RFC 7617).
    var authorization: String?

    init?(_ url: String) {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        // uv lets a URL begin with a name: `internal=https://…`.
        self.scheme = url[..<scheme.lowerBound].lowercased().split(separator: "=").last.map(String.init) ?? ""
        let whole = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = whole.lastIndex(of: "@") else {
            authority = Self.withPort(whole.lowercased(), self.scheme)
            return
        }
        authority = Self.withPort(whole[whole.index(after: at)...].lowercased(), self.scheme)
        let credentials = whole[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map(Self.percentDecoded)
        let pair = "\(credentials[0]):\(credentials.count > 1 ? credentials[1] : "")"
        authorization = "Basic " + Data(pair.utf8).base64EncodedString()
    }

    /// Text with `%41` read as `A`. (Foundation's own is not in FoundationEssentials.)
    private static func percentDecoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func withPort(_ authority: String, _ scheme: String) -> String {
        if authority.drop(while: { $0 != "]" }).contains(":") { return authority }
        if !authority.contains("]"), authority.contains(":") { return authority }
        return "\(authority):\(scheme == "http" ? 80 : 443)"
    }
}

extension String {
    /// The URL without user and password.
    package var withoutCredentials: String {
        guard let scheme = firstRange(of: "://") else { return self }
        let rest = self[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return self }
        return String(self[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}
