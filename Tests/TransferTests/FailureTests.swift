import Glibc
import HTTPTypes
import SystemPackage
import Testing
import Transfer

/// Servers that misbehave, and the code and words that say how.
@Suite struct FailureTests {
    let client: HTTPClient

    init() throws {
        var configuration = HTTPClient.Configuration()
        configuration.connectTimeout = .seconds(5)
        configuration.idleTimeout = .seconds(4)
        configuration.responseTimeout = .seconds(4)
        client = try HTTPClient(configuration: configuration)
    }

    @Test func tellsWhyNobodyAnswers() async throws {
        let port = try await TestServer.with({ _, _ in }, body: { $0.port })
        let url = "http://user:password@127.0.0.1:\(port)/path?token=secret"
        await expectError(.refused, saying: "127.0.0.1:\(port) refuses the connection") {
            try await client.send(TransferRequest(url: url))
        }
        await expectError(.cannotResolve, saying: "nowhere.invalid:443") {
            try await client.send(TransferRequest(url: "https://nowhere.invalid/"))
        }
    }

    @Test(arguments: ["ftp://host/x", "//host", "", "http://", "https://a b/"])
    func refusesURLs(url: String) async {
        await expectError(.invalidURL) { try await client.send(TransferRequest(url: url)) }
    }

    enum Fault: CaseIterable, Sendable {
        case hangsUp, resets, silent, silentAfterHead, silentInBody, trickles
        case truncated, truncatedChunks, garbage, tlsAlert, badChunk, redirectsForEver, redirectsToFile

        var code: TransferError.Code {
            switch self {
            case .hangsUp, .resets: .connectionReset
            case .silent, .silentAfterHead, .silentInBody, .trickles: .timeout
            case .truncated, .truncatedChunks: .truncated
            case .garbage, .badChunk: .malformedResponse
            case .tlsAlert: .plainToTLSPort
            case .redirectsForEver, .redirectsToFile: .redirect
            }
        }

        func act(on connection: TestConnection) throws {
            let head = "HTTP/1.1 200 OK\r\n"
            switch self {
            case .hangsUp: connection.hangUp()
            case .resets: connection.hangUp(abruptly: true)
            case .silent: connection.waitForHangUp()
            case .silentAfterHead:
                try connection.write(Array((head + "Content-Length: 9\r\n\r\n").utf8))
                connection.waitForHangUp()
            case .silentInBody:
                try connection.write(
                    Array((head + "Content-Length: 9000\r\n\r\n").utf8) + [UInt8](repeating: 1, count: 5000)
                )
                connection.waitForHangUp()
            case .trickles:
                try connection.write(Array((head + "Content-Length: 9000\r\n\r\n").utf8))
                while true {
                    usleep(50_000)
                    try connection.write([1])
                }
            case .truncated:
                try connection.write(Array((head + "Content-Length: 9\r\n\r\nabc").utf8))
                connection.hangUp()
            case .truncatedChunks:
                try connection.write(Array((head + "Transfer-Encoding: chunked\r\n\r\n9\r\nabc").utf8))
                connection.hangUp()
            case .garbage:
                try connection.write(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
                connection.hangUp()
            case .tlsAlert:
                try connection.write([21, 3, 1, 0, 2, 2, 40])
                connection.hangUp()
            case .badChunk:
                try connection.write(Array((head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n").utf8))
                connection.hangUp()
            case .redirectsForEver: try connection.respond(302, ["Location": "/again"])
            case .redirectsToFile: try connection.respond(302, ["Location": "file:///etc/passwd"])
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func tellsFaultsApart(fault: Fault) async throws {
        try await TestServer.with { _, connection in
            try fault.act(on: connection)
        } body: { server in
            await expectError(fault.code, saying: server.address) {
                try await client.send(TransferRequest(url: server.url + "/x?secret=1"))
            }
        }
    }

    @Test func noticesServersThatTakeNoBytes() async throws {
        try await TestServer.with { _, connection in
            connection.waitForHangUp()
        } body: { server in
            let body = HTTPBody.stream(Zeros(count: 1 << 30), length: 1 << 30)
            await expectError(.timeout, saying: "takes no bytes") {
                try await client.send(TransferRequest(.put, url: server.url, body: body))
            }
        }
    }

    @Test func doesNotTakeASlowSourceForASilentServer() async throws {
        struct Slow: AsyncSequence, AsyncIteratorProtocol, Sendable {
            typealias Failure = any Error
            var count = 0
            func makeAsyncIterator() -> Slow { self }
            mutating func next() async throws -> [UInt8]? {
                count += 1
                guard count <= 2 else { return nil }
                try await Task.sleep(for: .milliseconds(700))
                return [1, 2]
            }
        }
        try await TestServer.with { _, connection in
            try connection.respond(200, [:], connection.readWholeBody())
        } body: { server in
            let request = TransferRequest(.put, url: server.url, body: .stream(Slow(), length: nil))
            let answer = try await client.send(request)
            #expect(answer.body == [1, 2, 1, 2])
        }
    }

    @Test func hearsTheAnswerBeforeTheBodyIsSent() async throws {
        try await TestServer.with { _, connection in
            _ = try connection.readBody()
            try connection.respond(401, ["Connection": "close"], text: "no")
            connection.waitForHangUp()
        } body: { server in
            let body = HTTPBody.stream(Zeros(count: 1 << 30), length: 1 << 30)
            let response = try await client.send(TransferRequest(.put, url: server.url, body: body))
            #expect(response.head.status.code == 401)
        }
    }
}
