import HTTPTypes
import SystemPackage
import Testing
import Transfer

@Suite struct HTTPClientTests {
    let client: HTTPClient

    init() throws {
        var configuration = HTTPClient.Configuration()
        configuration.idleTimeout = .seconds(4)
        configuration.responseTimeout = .seconds(4)
        client = try HTTPClient(configuration: configuration)
    }

    @Test func givesStatusHeadersAndBody() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(404, ["X-One": "1"], text: "no such thing")
        } body: { server in
            let response = try await client.send(TransferRequest(url: server.url + "/a?b=c"))
            #expect(response.head.status.code == 404)
            #expect(HTTPField.Name("x-one").map { response.head.headerFields[$0] } == "1")
            #expect(String(decoding: response.body, as: UTF8.self) == "no such thing")
            #expect(server.requests.map(\.target) == ["/a?b=c"])
            #expect(server.requests.first?.headers["user-agent"] == "packager")
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
    func sendsBodies(method: HTTPRequest.Method) async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, [:], connection.readWholeBody())
        } body: { server in
            let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let sent = TransferRequest(method, url: server.url, body: .bytes(body))
            let answer = try await client.send(sent)
            #expect(answer.body == body)
            let empty = TransferRequest(method, url: server.url)
            #expect(try await client.send(empty).body.isEmpty)
            let chunked = TransferRequest(
                method,
                url: server.url,
                body: .stream(Chunks(body, size: 70_001), length: nil)
            )
            #expect(try await client.send(chunked).body == body)
            let known = Int64(body.count)
            let counted = TransferRequest(method, url: server.url, body: .stream(Chunks(body, size: 1), length: known))
            #expect(try await client.send(counted).body == body)
            #expect(server.requests.map(\.method) == Array(repeating: method.rawValue, count: 4))
            #expect(server.requests[0].headers["expect"] == nil)
            #expect(server.requests[2].headers["transfer-encoding"] == "chunked")
            #expect(server.requests[3].headers["content-length"] == "3000000")
        }
    }

    @Test func countsBodiesForWhoeverWatches() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, [:], connection.readWholeBody())
        } body: { server in
            let (meter, body) = (TransferMeter(), [UInt8](repeating: 7, count: 2_000_001))
            try await TransferMeter.$current.withValue(meter) {
                async let one = client.send(TransferRequest(.put, url: server.url, body: .bytes(body)))
                let chunks = Chunks(body, size: 70_001)
                _ = try await client.send(TransferRequest(.put, url: server.url, body: .stream(chunks, length: nil)))
                _ = try await one
            }
            // Nobody watches this one.
            _ = try await client.send(TransferRequest(.put, url: server.url, body: .bytes(body)))
            #expect(meter.sent == 4_000_002 && meter.received == 4_000_002)
            // The length of a chunked body is nobody's to know.
            #expect(meter.toSend == 2_000_001 && meter.toReceive == 4_000_002)
        }
    }

    @Test func refusesBodiesOfAnotherLength() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, [:], connection.readWholeBody())
        } body: { server in
            let short = TransferRequest(.put, url: server.url, body: .stream(Chunks([1, 2, 3], size: 1), length: 4))
            await expectError(.badBody) { try await client.send(short) }
        }
    }

    @Test func failsWithTheSourcesOwnError() async throws {
        struct Broken: Error {}
        try await TestServer.with { _, connection in
            try connection.respond(200, [:], connection.readWholeBody())
        } body: { server in
            let source = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield([1, 2])
                continuation.finish(throwing: Broken())
            }
            await #expect(throws: Broken.self) {
                try await client.send(TransferRequest(.put, url: server.url, body: .stream(source, length: 9)))
            }
        }
    }

    @Test func limitsBufferedBodies() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, [:], [UInt8](repeating: 7, count: 100_000))
        } body: { server in
            await expectError(.tooLong) { try await client.send(TransferRequest(url: server.url), limit: 99_999) }
            let whole = try await client.send(TransferRequest(url: server.url), limit: 100_000)
            #expect(whole.body.count == 100_000)
        }
    }

    @Test func followsRedirectsWithoutCredentialsToAnotherOrigin() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, text: "there")
        } body: { target in
            try await TestServer.with { request, connection in
                let location = request.path == "/near" ? "/far" : target.url + "/x?signature=1"
                try connection.respond(request.method == "POST" ? 307 : 302, ["Location": location], text: "elsewhere")
            } body: { server in
                let headers: HTTPFields = [.authorization: "Bearer secret"]
                let response = try await client.send(TransferRequest(url: server.url + "/near", headers: headers))
                #expect(String(decoding: response.body, as: UTF8.self) == "there")
                #expect(response.url == target.url + "/x?signature=1")
                #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer secret", "Bearer secret"])
                #expect(target.requests.map { $0.headers["authorization"] } == [nil])
                let post = try await client.send(TransferRequest(.post, url: server.url, body: .bytes([1])))
                #expect(post.head.status.code == 307)
                var unfollowed = TransferRequest(url: server.url + "/near")
                unfollowed.followRedirects = false
                #expect(try await client.send(unfollowed).head.status.code == 302)
            }
        }
    }

    @Test func runsManyTransfersAtOnce() async throws {
        try await TestServer.with { request, connection in
            try connection.respond(200, text: request.target)
        } body: { server in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let response = try await client.send(TransferRequest(url: "\(server.url)/\(number)"))
                        return String(decoding: response.body, as: UTF8.self) == "/\(number)"
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(server.connectionCount <= 32)
        }
    }

    @Test func refusesTransfersAfterShutDown() async throws {
        try await TestServer.with { _, connection in
            connection.waitForHangUp()
        } body: { server in
            let client = try HTTPClient()
            let running = Task { try await client.send(TransferRequest(url: server.url)) }
            try await waitUntil { !server.requests.isEmpty }
            client.shutDown()
            await expectError(.shutDown) { try await running.value }
            await expectError(.shutDown) { try await client.send(TransferRequest(url: server.url)) }
        }
    }
}
