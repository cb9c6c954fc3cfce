import Glibc
import Synchronization

/// An HTTP/1.1 server on a free loopback port, or on a unix socket, whose handler decides every byte: a thread for each connection.
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

    /// - Parameter path: listens on a unix socket of this name in place of a port.
    init(isMute: Bool, at path: String?, _ handler: @escaping Handler) throws {
        self.handler = handler
        self.isMute = isMute
        (listener, port) = try path.map(Self.listen) ?? Self.listen()
    }

    private static func listen() throws -> (Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && Glibc.listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard result else { throw TestServerError() }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func listen(at path: String) throws -> (Int32, port: Int) {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                    && Glibc.listen(listener, 64) == 0
            }
        }
        guard result else { throw TestServerError() }
        return (listener, 0)
    }

    /// Serves until `body` ends.
    ///
    /// - Parameters:
    ///   - isMute: takes connections and says nothing on them, TLS or not.
    ///   - path: of a unix socket to listen on, in place of a free port.
    @discardableResult
    static func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        isMute: Bool = false,
        at path: String? = nil,
        _ handler: @escaping Handler,
        body: (TestServer) async throws -> Value
    ) async throws -> Value {
        let server = try TestServer(isMute: isMute, at: path, handler)
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
