import Glibc
import Synchronization

/// An HTTP/1.1 server on a free loopback port whose handler decides every byte: a thread for each connection.
final class TestServer: Sendable {
    typealias Handler = @Sendable (TestRequest, TestConnection) throws -> Void

    let port: Int
    private let listener: Int32
    private let handler: Handler
    private let isMute: Bool
    private let state = Mutex(State())

    private struct State {
        var requests: [TestRequest] = []
        var connections: Set<Int32> = []
        var isStopped = false
    }

    init(isMute: Bool, _ handler: @escaping Handler) throws {
        self.handler = handler
        self.isMute = isMute
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard result else { throw TestServerError() }
    }

    /// Serves until `body` ends.
    ///
    /// - Parameter isMute: takes connections and says nothing on them, TLS or not.
    @discardableResult
    static func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        isMute: Bool = false,
        _ handler: @escaping Handler,
        body: (TestServer) async throws -> Value
    ) async throws -> Value {
        let server = try TestServer(isMute: isMute, handler)
        startThread { server.accept() }
        defer { server.stop() }
        return try await body(server)
    }

    var address: String { "127.0.0.1:\(port)" }
    var url: String { "http://\(address)" }
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
        if isMute { connection.waitForHangUp() }
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
