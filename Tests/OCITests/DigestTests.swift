import JSON
import Testing

@testable import OCI

struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
    ])
    func theDigestOfBytes(text: String, hexadecimal: String) throws {
        let digest = Digest.sha256(of: text.utf8)
        #expect(digest.description == "sha256:" + hexadecimal)
        #expect(Digest(digest.description) == digest)
        #expect(digest.short == hexadecimal.prefix(12))
        // A sequence without contiguous storage takes another way.
        #expect(Digest.sha256(of: AnySequence(Array(text.utf8))) == digest)
        #expect(try JSONValue(encoding: [digest]) == [.string(digest.description)])
    }

    @Test func longDigestsAreRead() {
        #expect(Digest("sha512:" + String(repeating: "f", count: 128))?.algorithm == .sha512)
        #expect(Digest("sha512:" + String(repeating: "f", count: 64)) == nil)
    }

    @Test(arguments: [
        "", "sha256", "sha256:", "sha256:xyz", "sha1:" + String(repeating: "0", count: 40),
        "SHA256:" + String(repeating: "0", count: 64),
    ])
    func otherTextsAreNone(text: String) {
        #expect(Digest(text) == nil)
        #expect(throws: DecodingError.self) { _ = try JSONValue.string(text).decode(as: Digest.self) }
    }
}
