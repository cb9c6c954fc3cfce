import HTTPTypes
import HummingbirdTesting
import Testing

struct RequestDocumentTests {
    @Test(arguments: [
        ("", "the request body is empty; send a JSON object"),
        ("[]", "the request body must be an object, not a list"),
        ("7", "the request body must be an object, not a number"),
        (#"{"id": "a", "spec": {"arguments": [1]}}"#, "spec.arguments must be an object, not a list"),
        (#"{"id": "a", "spec": []}"#, "spec must be an object, not a list"),
        (
            #"{"id": "a", "spec": {"nodeSelector": {"mode": []}}}"#,
            "spec.nodeSelector.mode must be a string, not a list"
        ),
        (#"{"id": "a", "spec": {"targets": [7]}}"#, "spec.targets[0] must be an object, not a number"),
        (#"{"id": "a", "spec": {"targets": {}}}"#, "spec.targets must be a list, not an object"),
        (#"{"id": "a", "spec": {"arguments": "x"}}"#, "spec.arguments must be an object, not a string"),
    ])
    func wrongDocumentIsNamed(body: String, message: String) async throws {
        try await APIFixture.run { _, client in
            for method in [HTTPRequest.Method.post, .put] {
                let reply = try await client.send(method, "/packaging", body: body)
                #expect(reply.status == 400)
                #expect(reply.message == message)
            }
        }
    }

    @Test(arguments: ["{", #"{"id": "a"} x"#, "id: a", "\u{ef}\u{bb}{"])
    func whatIsNoJSONIsSaid(body: String) async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(.post, "/connection", body: body)
            #expect(reply.status == 400)
            #expect(reply.message?.hasPrefix("the request body is not JSON") == true)
        }
    }

    @Test func theURLsIDMustBeTheBodys() async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(.put, "/packaging/one", body: #"{"id": "two"}"#)
            #expect(reply.status == 400)
            #expect(reply.message == #"the id in the URL is "one", the one in the request body "two""#)
        }
    }

    @Test(arguments: [TestingSetup.router, .live])
    func largeDocumentIsRefused(setup: TestingSetup) async throws {
        try await APIFixture.run(setup) { _, client in
            let body = #"{"id": ""# + String(repeating: "a", count: 4 << 20) + "\"}"
            let reply = try await client.send(.post, "/packaging", body: body)
            #expect(reply.status == 413)
            #expect(reply.message?.contains("larger than the 4194304 bytes") == true)
            #expect(try await client.send(.get, "/health").status == 200)
        }
    }
}
