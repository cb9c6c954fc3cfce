import JSON
import Testing

@testable import OCI

struct ImageReferenceTests {
    static let digest = "sha256:" + String(repeating: "0a", count: 32)

    @Test(
        arguments: [
            ("wine", nil, "wine", nil), ("wine:1", nil, "wine", "1"), ("library/wine", nil, "library/wine", nil),
            ("docker.io/library/wine:1.0-slim_x", "docker.io", "library/wine", "1.0-slim_x"),
            ("localhost/wine", "localhost", "wine", nil), ("localhost:5000/wine:1", "localhost:5000", "wine", "1"),
            ("127.0.0.1:5000/a/b/c", "127.0.0.1:5000", "a/b/c", nil), ("host:5000/wine", "host:5000", "wine", nil),
            ("[::1]:5000/wine:1", "[::1]:5000", "wine", "1"), ("[2001:db8::1]/wine", "[2001:db8::1]", "wine", nil),
            ("UPPER/wine", "UPPER", "wine", nil),
            ("r.example.com/a__b/c-d/e.f/g--h_i", "r.example.com", "a__b/c-d/e.f/g--h_i", nil),
            ("wine:_x", nil, "wine", "_x"),
            ("wine:" + String(repeating: "t", count: 128), nil, "wine", String(repeating: "t", count: 128)),
            ("xn--7o8h.com/image", "xn--7o8h.com", "image", nil),
        ] as [(String, String?, String, String?)]
    )
    func valid(text: String, host: String?, repository: String, tag: String?) throws {
        for suffix in ["", "@" + Self.digest] {
            let reference = try ImageReference(parsing: text + suffix)
            #expect(reference.host == host)
            #expect(reference.repository == repository)
            #expect(reference.tag == tag)
            #expect(reference.digest?.description ?? "" == suffix.dropFirst())
            #expect(reference.description == text + suffix)
            #expect(try JSONValue(encoding: reference).decode(as: ImageReference.self) == reference)
        }
    }

    @Test(arguments: [
        "", ":1", "/wine", "wine/", "a//b", "Wine", "a/Wine", "wine:", "wine:-x", "wine:.x", "wine:a b", "wine:ä",
        "wïne", "-wine", "wine-", "_wine",
        "a___b", "a..b", "a._b", "wine:1:2", "wine:" + String(repeating: "t", count: 129), "wine@", "wine@sha256:12",
        "wine@sha256:" + String(repeating: "G", count: 64), "wine@sha256:" + String(repeating: "A", count: 64),
        "wine@md5:" + String(repeating: "0", count: 32), "@" + digest, "wine@\(digest)@\(digest)", "wine@\(digest):1",
        "host:0/wine", "host:99999/wine", "host:x/wine", "host:+80/wine", "-host.com/wine", "a..com/wine", "[::1/wine",
        "[]/wine", "[::1]x/wine",
        "https://host/wine", "host/" + String(repeating: "a", count: 256), "wine tag", "wine\n",
    ])
    func invalid(text: String) {
        #expect(throws: ReferenceError.self) { _ = try ImageReference(parsing: text) }
    }

    @Test func selectors() throws {
        #expect(try ImageReference(parsing: "wine").selector == .tag("latest"))
        #expect(try ImageReference(parsing: "wine:2").selector == .tag("2"))
        let digest = try #require(Digest(Self.digest))
        #expect(try ImageReference(parsing: "wine:2@\(digest)").selector == .digest(digest))
        #expect(try ImageReference(parsing: "wine").resolvedHost == "docker.io")
    }

    @Test func theLengthLimitIsThatOfTheSpecification() throws {
        let name = "host.example/" + String(repeating: "a", count: 242)
        #expect(name.utf8.count == 255)
        #expect(try ImageReference(parsing: name).name == name)
        #expect(throws: ReferenceError.self) { _ = try ImageReference(parsing: name + "a") }
    }
}
