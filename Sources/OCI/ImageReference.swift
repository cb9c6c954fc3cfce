/// The name of an image: `[host[:port]/]repository[:tag][@digest]`.
///
/// A reference without a host stays one: the local store is asked first, then Docker Hub (``resolvedHost``). The first
/// component is a host when it holds a dot or a colon or is `localhost`, as in every other client.
/// Source: OCI distribution specification, "Pulling manifests", and the reference grammar of CNCF Distribution.
package struct ImageReference: Sendable, Hashable {
    /// `host` or `host:port`; nil when the reference names none.
    package var host: String?
    package var repository: String
    package var tag: String?
    package var digest: Digest?

    package init(host: String?, repository: String, tag: String? = nil, digest: Digest? = nil) {
        self.host = host
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// - Throws: ``ReferenceError`` with the part that is wrong.
    package init(parsing text: String) throws {
        var rest = Substring(text)
        if let at = rest.lastIndex(of: "@") {
            guard let digest = Digest(rest[rest.index(after: at)...]) else {
                throw ReferenceError(text, "\"\(rest[rest.index(after: at)...])\" is not a digest")
            }
            self.digest = digest
            rest = rest[..<at]
        }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            let tag = String(rest[rest.index(after: colon)...])
            guard Self.isTag(tag) else {
                throw ReferenceError(
                    text,
                    "\"\(tag)\" is not a tag (letters, digits, \"_\", \".\" and \"-\", at most 128)"
                )
            }
            self.tag = tag
            rest = rest[..<colon]
        }
        if let slash = rest.firstIndex(of: "/"), Self.namesHost(rest[..<slash]) {
            let host = rest[..<slash]
            guard Self.isHost(host) else { throw ReferenceError(text, "\"\(host)\" is not a host") }
            self.host = String(host)
            rest = rest[rest.index(after: slash)...]
        }
        repository = String(rest)
        guard Self.isRepository(rest) else {
            throw ReferenceError(
                text,
                "\"\(rest)\" is not a repository (lower-case letters and digits, separated by \".\", \"_\", \"-\" or \"/\")"
            )
        }
        guard (host.map { $0.utf8.count + 1 } ?? 0) + repository.utf8.count <= 255 else {
            throw ReferenceError(text, "the name is longer than 255 characters")
        }
    }

    /// The reference that is asked for or pushed to: the digest where there is one, else the tag, else `latest`.
    package var selector: ManifestSelector {
        if let digest { .digest(digest) } else { .tag(tag ?? "latest") }
    }

    /// The registry that serves this name; Docker Hub when it names none.
    package var resolvedHost: String { host ?? "docker.io" }

    /// The name without tag and digest.
    package var name: String { (host.map { $0 + "/" } ?? "") + repository }

    private static func namesHost(_ component: Substring) -> Bool {
        component == "localhost" || component.contains(".") || component.contains(":")
            || component.contains(where: \.isUppercase)
    }
}

extension ImageReference: CustomStringConvertible, Codable {
    package var description: String { name + (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "") }

    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A name that is no image reference, and why.
package struct ReferenceError: Error, Sendable, CustomStringConvertible {
    package var text: String
    package var reason: String

    init(_ text: String, _ reason: String) {
        self.text = text
        self.reason = reason
    }

    package var description: String { "\"\(text)\" is not an image name: \(reason)" }
}
