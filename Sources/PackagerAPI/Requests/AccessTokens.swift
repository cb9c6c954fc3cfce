import Crypto
import FoundationEssentials

/// The tokens that a server takes. It keeps their hashes alone, which are compared in a time that tells nothing.
package struct AccessTokens: Sendable {
    private let digests: [SHA256Digest]

    /// - Parameter text: a token a line; blank lines and those that begin with `#` are none.
    /// - Returns: nil when there is none.
    package init?(text: String) {
        let tokens = text.split(whereSeparator: \.isNewline).map { line in
            String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        digests = tokens.filter { !$0.isEmpty && !$0.hasPrefix("#") }.map(Self.digest)
        if digests.isEmpty { return nil }
    }

    func contains(_ token: String) -> Bool {
        let digest = Self.digest(token)
        // All of them are looked at, whichever it is.
        return digests.reduce(false) { found, known in known == digest || found }
    }

    private static func digest(_ token: String) -> SHA256Digest { SHA256.hash(data: Data(token.utf8)) }
}
