import OCI
import Registry
import Testing

@Suite struct TokenTests {
    private func withRegistry(
        _ rules: TokenRegistry.Rules = .init(),
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let tokens = TokenRegistry(rules)
        try await TestServer.with { request, connection in
            if try tokens.answers(request, connection) { return }
            try connection.drain()
            switch request.method {
            case "HEAD": try connection.respond(404)
            case "POST": try connection.respond(202, ["Location": "/v2/team/app/blobs/uploads/1?_state=x"])
            default: try connection.respond(201)
            }
        } body: {
            try await body($0)
        }
    }

    @Test func asksOnceForManyWhoWait() async throws {
        try await withRegistry { server in
            let repository = try repository("\(server.address)/team/app")
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 { group.addTask { try await repository.contains(blob("\(number)").0) } }
                for try await isThere in group { #expect(!isThere) }
            }
            #expect(server.calls.filter { $0 == "GET /token" }.count == 1)
            #expect(server.requests.filter { $0.path == "/v2/" }.count == 1)
            let query = try #require(server.requests.first { $0.path == "/token" }).query
            #expect(query == "a=b&service=registry&scope=repository%3Ateam%2Fapp%3Apull%2Cpush")
        }
    }

    @Test func sendsNoServiceWhereNoneIsNamed() async throws {
        try await withRegistry(.init(service: nil, lifetime: nil)) { server in
            let repository = try repository("\(server.address)/team/app")
            #expect(try await !repository.contains(blob("x").0))
            let query = server.requests.first { $0.path == "/token" }?.query
            #expect(query == "a=b&scope=repository%3Ateam%2Fapp%3Apull%2Cpush")
        }
    }

    @Test func replacesExpiredTokensBeforeUse() async throws {
        try await withRegistry(.init(lifetime: 1)) { server in
            let repository = try repository("\(server.address)/team/app")
            #expect(try await !repository.contains(blob("x").0))
            try await Task.sleep(for: .milliseconds(1100))
            #expect(try await !repository.contains(blob("x").0))
            let used = server.requests.filter { $0.method == "HEAD" }.map { $0.headers["authorization"] }
            #expect(used == ["Bearer t1", "Bearer t2"])
        }
    }

    @Test func asksAgainWhenARequestIsRefused() async throws {
        try await withRegistry(.init(refusedTokens: 1)) { server in
            let (layer, bytes) = blob([UInt8](repeating: 1, count: 1_000_000))
            let repository = try repository("\(server.address)/team/app")
            try await repository.put(layer, .bytes(bytes))
            #expect(
                server.calls == [
                    "GET /token", "POST /v2/team/app/blobs/uploads/", "GET /token", "POST /v2/team/app/blobs/uploads/",
                    "PUT /v2/team/app/blobs/uploads/1",
                ]
            )
        }
    }

    @Test func givesUpAfterTheSecondRefusal() async throws {
        try await withRegistry(.init(refusedTokens: 100)) { server in
            let repository = try repository("\(server.address)/team/app")
            await expectError(.unauthorized) { try await repository.contains(blob("x").0) }
            #expect(server.calls.filter { $0.hasPrefix("HEAD") }.count == 2)
            #expect(server.calls.filter { $0 == "GET /token" }.count == 2)
        }
    }

    @Test(arguments: [true, false])
    func isRefusedInTheMiddleOfAnUpload(repeatable: Bool) async throws {
        let tokens = TokenRegistry()
        try await TestServer.with { request, connection in
            if try tokens.answers(request, connection) { return }
            if request.method == "PUT", request.headers["authorization"] == "Bearer t1" {
                _ = try connection.readBody()
                try connection.respond(401, ["Connection": "close"])
                connection.waitForHangUp()
                return
            }
            try connection.drain()
            let location = "/v2/a/blobs/uploads/1"
            try connection.respond(request.method == "POST" ? 202 : 201, ["Location": location])
        } body: { server in
            let (layer, bytes) = blob([UInt8](repeating: 1, count: 20_000_000))
            let repository = try repository("\(server.address)/a")
            if repeatable {
                try await repository.put(layer, .bytes(bytes))
                #expect(server.calls.filter { $0.hasPrefix("PUT") }.count == 2)
            } else {
                await expectError(.unauthorized) { try await repository.put(layer, stream(bytes)) }
                #expect(server.calls.filter { $0.hasPrefix("PUT") }.count == 1)
                #expect(server.calls.last == "DELETE /v2/a/blobs/uploads/1")
            }
        }
    }

    @Test func tradesIdentityTokens() async throws {
        try await withRegistry { server in
            let credential = RegistryCredential(.identityToken("refresh me"), source: "test")
            let store = StaticCredentials([server.address: credential])
            let repository = try repository("\(server.address)/team/app", credentials: store)
            #expect(try await !repository.contains(blob("x").0))
            #expect(server.calls.first == "POST /token")
        }
    }

    @Test func refusesAnswersWithoutAToken() async throws {
        try await withRegistry(.init(tokenAnswer: "<html>welcome</html>")) { server in
            await expectError(.notARegistry, saying: "no token") {
                try await repository("\(server.address)/a").contains(blob("x").0)
            }
        }
    }

    @Test func endsAtOnceWhenCancelledWhileATokenIsFetched() async throws {
        try await TestServer.with { request, connection in
            if request.path == "/token" { return connection.waitForHangUp() }
            try connection.respond(401, ["WWW-Authenticate": #"Bearer realm="/token""#])
        } body: { server in
            let repository = try repository("\(server.address)/a")
            let task = Task { try await repository.contains(blob("x").0) }
            while !server.calls.contains("GET /token") { try await Task.sleep(for: .milliseconds(10)) }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            // Without the cancellation it would wait for an idle minute.
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }
}
