import FoundationEssentials
import JSON
import Synchronization
import Testing
import Transfer

@testable import DockerEngine

@Suite struct BuildTests {
    @Test func contextGoesInAndTheLogComesOut() async throws {
        let received = Mutex(0)
        let lines = Mutex<[String]>([])
        try await ScriptedEngine.with { request, connection in
            if request.path == "/v1.41/images/packager-build%3A1/json" {
                return try connection.respond(200, text: #"{"Id": "sha256:1"}"#)
            }
            let count = try connection.readWholeBody().count
            received.withLock { $0 = count }
            try connection.beginChunks()
            try connection.chunk(#"{"stream":"Step 1/2 : FROM base\n"}"# + "\r\n" + #"{"stre"#)
            try connection.chunk(
                #"am":" ---\u003e 7e\n"}"# + "\n\n" + #"{"status":"Pulling from base","id":"1"}"# + "\n"
            )
            try connection.chunk(#"{"status":"Waiting","progressDetail":{},"id":"ab"}"# + "\n")
            try connection.chunk(
                #"{"stream":"\u001b[91m10 %\r"}"# + "\n" + #"{"stream":"20 %\u001b[0m\r\nend"}"# + "\n"
            )
            try connection.chunk(#"{"aux":{"ID":"sha256:1"}}"#)
            try connection.endChunks()
        } body: { engine, server in
            let request = BuildRequest(
                name: "packager-build:1",
                labels: ["a": "b c&d"],
                network: "host",
                credentials: [
                    EngineCredential(host: "registry.test:5000", secret: .password(user: "ann", "pass\u{ff}?>")),
                    EngineCredential(host: "docker.io", secret: .identityToken("t")),
                ]
            )
            let session = try await engine.connect()
            let id = try await session.build(request, context: Context(chunks: 50)) { line in
                lines.withLock { $0.append(line) }
            }
            #expect(id == "sha256:1")
            #expect(received.withLock(\.self) == 50_000)
            #expect(
                lines.withLock(\.self) == ["Step 1/2 : FROM base", " ---> 7e", "Pulling from base (1)", "20 %", "end"]
            )
            let build = try #require(server.requests.first { $0.method == "POST" })
            #expect(build.path == "/v1.41/build")
            #expect(
                build.query
                    == "t=packager-build%3A1&rm=1&forcerm=1&labels=%7B%22a%22%3A%22b%20c%26d%22%7D&networkmode=host"
            )
            #expect(build.headers["content-type"] == "application/x-tar")
            let header = try #require(build.headers["x-registry-config"])
            #expect(!header.contains("+") && !header.contains("/"))
            let plain = header.replacing("-", with: "+").replacing("_", with: "/")
            let document: JSONValue = try CanonicalJSON.decode(from: try #require(Data(base64Encoded: plain)))
            #expect(document["registry.test:5000"]?["password"] == "pass\u{ff}?>")
            #expect(document["https://index.docker.io/v1/"]?["identitytoken"] == "t")
        }
    }

    @Test func aStepThatFailsIsNamedWithItsLastWords() async throws {
        let error = await failure { connection in
            try connection.chunk(#"{"stream":"Step 1/9 : FROM base\n"}"# + "\n")
            try connection.chunk(#"{"stream":"old\n"}"# + "\n" + #"{"stream":"Step 2/9 : RUN make\n"}"# + "\n")
            for number in 1...9 { try connection.chunk(#"{"stream":"line \#(number)\n"}"# + "\n") }
            try connection.chunk(#"{"stream":"no such file"}"# + "\n")
            try connection.chunk(
                #"{"errorDetail":{"code":2,"message":"The command returned a non-zero code: 2"},"error":"x"}"# + "\n"
            )
            try connection.endChunks()
        }
        #expect(error?.code == .buildFailed)
        #expect(
            error?.description == """
                the Docker engine's build failed at "Step 2/9 : RUN make": The command returned a non-zero code: 2; its \
                last words: line 6 | line 7 | line 8 | line 9 | no such file
                """
        )
    }

    @Test(arguments: ["gar\u{1b}[1mbage\n", "[1]\n", "3\n", #"{"stream":"#, #"{"stream":"}{"}}"#])
    func garbageIsNotTakenForALog(line: String) async throws {
        let error = await failure { connection in
            try connection.chunk(#"{"stream":"Step 1/9 : FROM base\n"}"# + "\n")
            try connection.chunk(line)
            try connection.endChunks()
        }
        #expect(error?.code == .malformedAnswer, "\(String(describing: error))")
        #expect(error?.description.contains("\u{1b}") == false)
    }

    @Test func aLineWithoutEndIsNotGathered() async throws {
        let error = await failure { connection in
            for _ in 0..<40 { try connection.chunk(String(repeating: "a", count: 65536)) }
        }
        #expect(error?.code == .malformedAnswer)
    }

    @Test(arguments: [true, false]) func hangingUpIsToldAndNotWaitedFor(abruptly: Bool) async throws {
        let error = await failure { connection in
            try connection.chunk(#"{"stream":"Step 1/9 : FROM base\n"}"# + "\n")
            connection.hangUp(abruptly: abruptly)
            throw TestServerError()
        }
        #expect(error?.code == .unreachable, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("the Docker engine at unix:///tmp/engine-") == true)
    }

    @Test func anEndWithoutAnImageIsAnError() async throws {
        let error = await failure { try $0.endChunks() }
        #expect(error?.code == .malformedAnswer)
        #expect(error?.description.contains("no image") == true)
    }

    @Test(arguments: [
        (500, #"{"message":"dockerfile parse error line 3: unknown instruction: RUNN"}"#, "unknown instruction: RUNN"),
        (502, "<html>bad gateway</html>", "bad gateway"), (403, "", "403"),
    ])
    func anAnswerOfAnotherStatusIsInTheEnginesWords(status: Int, body: String, words: String) async throws {
        try await ScriptedEngine.with { _, connection in
            try connection.respond(status, text: body)
        } body: { engine, _ in
            let error = await #expect(throws: EngineError.self) {
                try await engine.connect().build(BuildRequest(name: "a:1"), context: Context(chunks: 2000)) { _ in }
            }
            #expect(error?.code == .refused)
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
    }

    @Test func cancellingHangsUp() async throws {
        try await ScriptedEngine.with { request, connection in
            _ = try connection.readWholeBody()
            try connection.beginChunks()
            try connection.chunk(#"{"stream":"Step 1/1 : RUN sleep 600\n"}"# + "\n")
            connection.waitForHangUp()
        } body: { engine, server in
            let session = try await engine.connect()
            let (lines, continuation) = AsyncStream.makeStream(of: String.self)
            let build = Task {
                try await session.build(BuildRequest(name: "a:1"), context: Context(chunks: 1)) {
                    continuation.yield($0)
                }
            }
            for await line in lines {
                #expect(line == "Step 1/1 : RUN sleep 600")
                break
            }
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            for _ in 0..<500 where server.connectionCount > 0 { try await Task.sleep(for: .milliseconds(10)) }
            // The one that was kept open for the next request may be there, that of the build is not.
            #expect(server.connectionCount <= 1)
        }
    }

    /// How a build ends whose answer is scripted.
    private func failure(_ answer: @escaping @Sendable (TestConnection) throws -> Void) async -> EngineError? {
        await #expect(throws: EngineError.self) {
            try await ScriptedEngine.with { request, connection in
                guard request.method == "POST" else { return try connection.respond(404, text: #"{"message":"none"}"#) }
                _ = try connection.readWholeBody()
                try connection.beginChunks()
                try answer(connection)
            } body: { engine, _ in
                _ = try await engine.connect().build(BuildRequest(name: "a:1"), context: Context(chunks: 3)) { _ in }
            }
        }
    }
}
