import FoundationEssentials
import HTTPTypes
import Hummingbird
import OCI

/// The digests that a request promises for its body: `?digest=sha256:…`, `Content-Digest` (RFC 9530) and the older
/// `Digest` (RFC 3230). Algorithms other than SHA-256 in the headers are passed over, as both allow.
enum ExpectedDigests {
    /// - Throws: ``APIError`` for one that cannot be read.
    static func all(in request: Request, query: QueryParameters) throws -> [Digest] {
        var digests: [Digest] = []
        if let text = try query.single("digest") {
            guard let digest = Digest(text), digest.algorithm == .sha256 else {
                throw APIError(
                    .badRequest,
                    "the digest URL parameter must be sha256: and 64 lower-case hexadecimal digits"
                )
            }
            digests.append(digest)
        }
        for (field, algorithm) in [(HTTPField.Name.contentDigest, "sha-256="), (.digest, "sha-256=")] {
            for value in request.headers[values: field].flatMap({ $0.split(separator: ",") }) {
                let member = value.drop { $0 == " " || $0 == "\t" }
                guard member.lowercased().hasPrefix(algorithm) else { continue }
                let base64 = member.dropFirst(algorithm.count).filter { $0 != ":" && $0 != " " }
                guard let bytes = Data(base64Encoded: base64), let digest = Digest(sha256: bytes) else {
                    throw APIError(
                        .badRequest,
                        "the field \(field.rawName) must hold sha-256= and the digest in base64"
                    )
                }
                digests.append(digest)
            }
        }
        return digests
    }
}

extension Digest {
    fileprivate init?(sha256 bytes: Data) {
        let hexadecimal = bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 2 ? digits : "0" + digits
        }
        self.init("sha256:" + hexadecimal.joined())
    }
}
