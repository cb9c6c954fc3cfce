import FoundationEssentials
import OCI
import Registry
import Testing

/// Answers that are no registry's, or not what was asked for.
@Suite struct NonsenseTests {
    private static let html = "<!DOCTYPE html><html><body>welcome</body></html>"

    @Test(arguments: [200, 301, 404])
    func namesHTML(status: Int) async throws {
        try await TestServer.with { _, connection in
            try connection.respond(status, ["Content-Type": "text/html"], text: Self.html)
        } body: { server in
            await expectError(
                .notARegistry,
                saying: "\(server.address) answers with HTML (status \(status)): is this a registry?"
            ) {
                try await repository("\(server.address)/a").manifest(.tag("1"))
            }
        }
    }

    @Test(arguments: [(429, RegistryError.Code.tooManyRequests), (403, .denied), (502, .unavailable), (418, .rejected)])
    func tellsStatusesApart(status: Int, code: RegistryError.Code) async throws {
        try await TestServer.with { request, connection in
            if request.path == "/v2/" { return try connection.respond(200) }
            try connection.respond(status, text: #"{"errors": [{"code": "X", "message": "said\u001b[31m so"}]}"#)
        } body: { server in
            let error = await expectError(code, saying: "said[31m so (X)") {
                try await repository("\(server.address)/a").manifest(.tag("1"))
            }
            #expect(error?.status == status)
            #expect(error?.diagnostics.map(\.code) == ["X"])
        }
    }

    @Test func verifiesManifests() async throws {
        let stored = try manifest(config: blob("{}").0, layers: [])
        let other = blob("other").0.digest
        try await TestServer.with { request, connection in
            if request.path == "/v2/" { return try connection.respond(200) }
            var headers = ["Content-Type": "application/json; charset=utf-8"]
            if request.path.hasSuffix("/lies") { headers["Docker-Content-Digest"] = other.description }
            if request.path.hasSuffix("/short") { headers["Content-Length"] = "100000" }
            try connection.respond(200, headers, Array(stored.bytes))
            connection.hangUp()
        } body: { server in
            let repository = try repository("\(server.address)/a")
            #expect(try await repository.manifest(.tag("1")) == stored)
            #expect(try await repository.manifest(.digest(stored.descriptor.digest)) == stored)
            await expectError(.digestMismatch) { try await repository.manifest(.digest(other)) }
            await expectError(.digestMismatch) { try await repository.manifest(.tag("lies")) }
            await expectError(.unreachable) { try await repository.manifest(.tag("short")) }
            let accept = server.requests.last?.headers["accept"]?.split(separator: ", ")
            #expect(accept?.count == 4)
        }
    }

    @Test func refusesBlobsOfAnotherSize() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, text: "abc")
        } body: { server in
            let repository = try repository("\(server.address)/a")
            await expectError(.digestMismatch, saying: "3 bytes") { try await repository.blob(blob("abcd").0) }
            let content = try await repository.blob(blob("abc").0)
            #expect(try await bytes(of: content) == Array("abc".utf8))
        }
    }

    @Test func followsBlobsToAStore() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, text: "abc")
        } body: { store in
            try await TestServer.with { request, connection in
                guard request.headers["authorization"] != nil else {
                    return try connection.respond(401, ["WWW-Authenticate": "Basic realm=x"])
                }
                try connection.respond(307, ["Location": store.url + "/bucket?signature=s"])
            } body: { server in
                let credential = RegistryCredential(user: "u", password: "p", source: "test")
                let store2 = StaticCredentials([server.address: credential])
                let content = try await repository("\(server.address)/a", credentials: store2).blob(blob("abc").0)
                #expect(try await bytes(of: content) == Array("abc".utf8))
                #expect(store.requests.first?.headers["authorization"] == nil)
            }
        }
    }

    @Test func tellsThatARegistrySpeaksTLS() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(400, text: "Client sent an HTTP request to an HTTPS server.\n")
        } body: { server in
            await expectError(.wrongScheme, saying: "speaks TLS") {
                try await repository("\(server.address)/a", plainHTTP: [server.address]).manifest(.tag("1"))
            }
        }
    }
}
