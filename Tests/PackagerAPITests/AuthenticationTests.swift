import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Testing

@testable import PackagerAPI

@Suite("A server with tokens")
struct AuthenticationTests {
    private static let secrets = """
        # of the CI
        first-token

          second-token\u{20}\u{20}
        """

    private func withServer(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        let tokens = try #require(AccessTokens(text: Self.secrets))
        try await APIFixture.run(configure: { $0.tokens = tokens }) { _, client in try await body(client) }
    }

    @Test(arguments: ["", "\n# nothing\n  \n"]) func `No token is no tokens`(text: String) {
        #expect(AccessTokens(text: text) == nil)
    }

    @Test(arguments: [
        ("first-token", true), ("second-token", true), ("third-token", false), ("", false), ("# of the CI", false),
        ("first-token ", false), ("FIRST-TOKEN", false), ("first-toke", false),
    ])
    func `Tokens are compared as they are`(token: String, isKnown: Bool) throws {
        #expect(try #require(AccessTokens(text: Self.secrets)).contains(token) == isKnown)
    }

    @Test(
        arguments: [
            ("/packaging", nil, 401), ("/packaging", "Bearer first-token", 200),
            ("/packaging", "bearer second-token", 200),
            ("/packaging", "Bearer wrong", 401), ("/packaging", "Bearer", 401), ("/packaging", "first-token", 401),
            ("/packaging", "Basic dTpmaXJzdC10b2tlbg==", 401), ("/artifact", nil, 401), ("/connection", nil, 401),
            ("/api/v1/connection", nil, 401), ("/nothing", nil, 401), ("/swaggery", nil, 401),
            ("/swagger/../packaging", nil, 404), ("/health/", "Bearer wrong", 401),
            ("/health", nil, 200), ("/health", "Bearer first-token", 200), ("/health", "Bearer wrong", 401),
            ("/swagger/openapi.yaml", nil, 200), ("/swagger/data.json", "Bearer wrong", 401),
            ("/user/info", "Bearer first-token", 200),
        ] as [(String, String?, Int)]
    )
    func `A request needs one`(path: String, field: String?, status: Int) async throws {
        try await withServer { client in
            let headers = field.map { [HTTPField.Name.authorization: $0] as HTTPFields } ?? [:]
            let reply = try await client.send(.get, path, headers: headers)
            #expect(reply.status == status)
            guard status == 401 else { return }
            let isMissing = field == nil
            #expect(reply.headers[.wwwAuthenticate]?.hasPrefix("Bearer realm=\"packager\"") == true)
            #expect(reply.headers[.wwwAuthenticate]?.contains("invalid_token") == !isMissing)
            #expect(
                reply.message?.hasPrefix("Credentials are \(isMissing ? "missed" : "not correct"): ") == true,
                "\(reply.text)"
            )
            #expect(!reply.text.contains("wrong"))
        }
    }

    @Test func `Nothing is changed without one`() async throws {
        try await withServer { client in
            let refused = try await client.send(.put, "/artifact/a.zip", body: "hello")
            let headers: HTTPFields = [.authorization: "Bearer second-token"]
            let before = try await client.send(.get, "/artifact", headers: headers)
            let put = try await client.send(.put, "/artifact/a.zip", headers: headers, body: "hello")
            let deleted = try await client.send(.delete, "/artifact/a.zip")
            #expect(refused.status == 401 && before.json == [] && put.status == 201 && deleted.status == 401)
        }
    }

    /// `docker login` sends a name and a password.
    @Test(
        arguments: [
            (nil, 401), ("Basic \(Data("anyone:first-token".utf8).base64EncodedString())", 200),
            ("Basic \(Data("anyone:wrong".utf8).base64EncodedString())", 401), ("Basic ???", 401),
            ("Basic \(Data("first-token".utf8).base64EncodedString())", 401), ("Bearer first-token", 200),
        ] as [(String?, Int)]
    )
    func `The registry takes it as a password`(field: String?, status: Int) async throws {
        try await withServer { client in
            let headers = field.map { [HTTPField.Name.authorization: $0] as HTTPFields } ?? [:]
            for path in ["/v2/", "/v2", "/v2/_catalog"] {
                let reply = try await client.send(.get, path, headers: headers)
                #expect(reply.status == status)
                guard status == 401 else { continue }
                #expect(reply.headers[.wwwAuthenticate]?.hasPrefix("Basic realm=\"packager\"") == true)
                #expect(reply.json["errors"]?[0]?["code"] == "UNAUTHORIZED")
            }
        }
    }
}
