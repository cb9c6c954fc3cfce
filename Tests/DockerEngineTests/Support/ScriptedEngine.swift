import DockerEngine
import FileSystem
import Glibc
import Synchronization
import SystemPackage
import Transfer

/// An HTTP/1.1 server on a unix socket whose handler decides every byte: a thread for each connection.
final class ScriptedEngine: Sendable {
    typealias Handler = @Sendable (TestRequest, TestConnection) throws -> Void

    private let listener: Int32
    private let handler: Handler
    private let state = Mutex(State())

    private struct State {
        var requests: [TestRequest] = []
        var connections: Set<Int32> = []
        var isStopped = false
    }

    private init(at path: FilePath, _ handler: @escaping Handler) throws {
        self.handler = handler
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.string.utf8.prefix(107)) }
        let result = withUnsafePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 && listen(listener, 64) == 0
            }
        }
        guard result else { throw TestServerError() }
    }

    /// Serves until `body` ends. `/_ping` is answered as an engine of version 1.41 does.
    @discardableResult
    static func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        version: String? = "1.41",
        _ handler: @escaping Handler,
        body: (DockerEngine, ScriptedEngine) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "engine") { directory in
            let path = directory.appending("d.sock")
            let server = try ScriptedEngine(at: path) { request, connection in
                guard request.path == "/_ping", let version else { return try handler(request, connection) }
                try connection.respond(200, ["Api-Version": version], text: "OK")
            }
            startThread { server.accept() }
            defer { server.stop() }
            return try await body(try DockerEngine(EngineAddress("unix://\(path)"), over: HTTPClient()), server)
        }
    }

    /// Every request so far, in the order of arrival.
    var requests: [TestRequest] { state.withLock { $0.requests } }
    /// Connections that are open now.
    var connectionCount: Int { state.withLock { $0.connections.count } }

    private func stop() {
        let connections = state.withLock { state in
            state.isStopped = true
            return state.connections
        }
        for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            if socket < 0 { break }
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            let isStopped = state.withLock { state in
                state.connections.insert(socket)
                return state.isStopped
            }
            if isStopped { shutdown(socket, Int32(SHUT_RDWR)) }
            startThread { self.serve(socket) }
        }
        close(listener)
    }

    private func serve(_ socket: Int32) {
        let connection = TestConnection(socket)
        while connection.isOpen, let request = try? connection.readHead() {
            state.withLock { $0.requests.append(request) }
            connection.expect(request)
            do { try handler(request, connection) } catch { break }
            guard (try? connection.drain()) != nil else { break }
        }
        state.withLock { _ = $0.connections.remove(socket) }
        close(socket)
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

struct TestRequest: Sendable {
    var method: String
    /// Path and query.
    var target: String
    /// By lower-case name.
    var headers: [String: String]

    var path: String { String(target.prefix { $0 != "?" }) }
    var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
}

struct TestServerError: Error {}

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

private func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(body)).toOpaque()
    pthread_create(
        &thread,
        nil,
        { context in
            context.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }
            return nil
        },
        context
    )
    pthread_detach(thread)
}
