package import Crypto

/// The digest of some content: an algorithm and its value in lower-case hexadecimal.
///
/// Source: OCI image specification, "Descriptors", section "Digests".
package struct Digest: Sendable, Hashable {
    package enum Algorithm: String, Sendable, Hashable {
        case sha256, sha512

        var hexadecimalLength: Int { self == .sha256 ? 64 : 128 }
    }

    package let algorithm: Algorithm
    /// 64 (SHA-256) or 128 (SHA-512) lower-case hexadecimal digits.
    package let hexadecimal: String

    /// Reads `sha256:<64 digits>` or `sha512:<128 digits>`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let algorithm = Algorithm(rawValue: String(parts[0])),
            parts[1].utf8.count == algorithm.hexadecimalLength,
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.algorithm = algorithm
        self.hexadecimal = String(parts[1])
    }

    package init(_ digest: SHA256Digest) {
        algorithm = .sha256
        hexadecimal = Self.hexadecimal(digest)
    }

    /// The SHA-256 of bytes in memory.
    package static func sha256(of bytes: some Sequence<UInt8>) -> Digest {
        var hasher = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
        return Digest(hasher.finalize())
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Digest: CustomStringConvertible, Codable, Comparable {
    package var description: String { "\(algorithm.rawValue):\(hexadecimal)" }

    /// The first twelve digits, for tables and log lines.
    package var short: String { String(hexadecimal.prefix(12)) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is not a digest")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package static func < (one: Digest, other: Digest) -> Bool { one.description < other.description }
}
