import DockerEngine
import FileSystem
import SystemPackage
import Transfer

/// A Docker engine whose answers the test decides.
enum ScriptedEngine {
    /// Serves until `body` ends. `/_ping` is answered as an engine of version 1.41 does.
    @discardableResult
    static func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        version: String? = "1.41",
        _ handler: @escaping TestServer.Handler,
        body: (DockerEngine, TestServer) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "engine") { directory in
            let path = directory.appending("d.sock").string
            return try await TestServer.with(at: path) { request, connection in
                guard request.path == "/_ping", let version else { return try handler(request, connection) }
                try connection.respond(200, ["Api-Version": version], text: "OK")
            } body: { server in
                try await body(try DockerEngine(EngineAddress("unix://\(path)"), over: HTTPClient()), server)
            }
        }
    }
}

extension TestConnection {
    /// The head of an answer whose body comes in chunks.
    func beginChunks() throws {
        try write(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
    }

    func chunk(_ text: String) throws { try write(Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)) }

    func endChunks() throws { try write(Array("0\r\n\r\n".utf8)) }
}

/// A context of one chunk, or one that never ends.
struct Context: AsyncSequence, Sendable {
    typealias Failure = any Error
    var chunks: Int

    func makeAsyncIterator() -> Iterator { Iterator(left: chunks) }

    struct Iterator: AsyncIteratorProtocol {
        var left: Int

        mutating func next() async throws -> [UInt8]? {
            guard left > 0 else { return nil }
            left -= 1
            return [UInt8](repeating: 7, count: 1000)
        }
    }
}
