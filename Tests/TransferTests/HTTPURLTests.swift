import Testing
import Transfer

@Suite struct HTTPURLTests {
    @Test(arguments: [
        ("/v2/a/blobs/uploads/1?_state=x", "https://h:5000/v2/a/blobs/uploads/1?_state=x"),
        ("2?b", "https://h:5000/v2/2?b"),
        ("https://other/x", "https://other/x"),
        ("//other:8/x", "https://other:8/x"),
        ("http://h:5000/", "http://h:5000/"),
    ])
    func resolvesLocations(location: String, expected: String) throws {
        #expect(try HTTPURL("https://h:5000/v2/x?q").resolving(location).text == expected)
    }

    @Test(arguments: [
        ("https://h/p", "https://h/p?digest=sha256%3Aab"),
        ("https://h/p?_state=a%2Fb", "https://h/p?_state=a%2Fb&digest=sha256%3Aab"),
        ("https://h", "https://h/?digest=sha256%3Aab"),
    ])
    func appendsQueries(url: String, expected: String) throws {
        #expect(try HTTPURL(url).appendingQuery("digest", "sha256:ab").text == expected)
    }

    @Test func comparesOrigins() throws {
        let url = try HTTPURL("https://Host/x")
        #expect(try url.hasSameOrigin(as: HTTPURL("HTTPS://host:443/y?z")))
        #expect(try !url.hasSameOrigin(as: HTTPURL("http://host/x")))
        #expect(try !url.hasSameOrigin(as: HTTPURL("https://host:444/x")))
        #expect(url.address == "host:443")
        #expect(throws: TransferError.self) { try url.resolving("https://user:password@evil/") }
    }

    @Test(arguments: [
        ("http://localhost:1", true), ("http://127.9.0.1", true), ("http://[::1]:5", true),
        ("http://127.evil.org", false),
        ("http://10.0.0.1", false), ("http://localhost.org", false),
    ])
    func knowsLoopback(url: String, expected: Bool) throws {
        #expect(try HTTPURL(url).isLoopback == expected)
    }
}
