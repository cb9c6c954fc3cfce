import Glibc

/// One connection as the server sees it; used by its own thread only.
final class TestConnection {
    private let socket: Int32
    private var buffer: [UInt8] = []
    private var remaining = 0
    private var isChunked = false
    private(set) var isOpen = true

    init(_ socket: Int32) { self.socket = socket }

    /// - Returns: nil at the end of the connection.
    func readHead() throws -> TestRequest? {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                buffer.removeSubrange(..<end.upperBound)
                guard let words = lines.first?.split(separator: " "), words.count == 3 else { throw TestServerError() }
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                    headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
                }
                return TestRequest(method: String(words[0]), target: String(words[1]), headers: headers)
            }
            guard try fill() else { return nil }
            if buffer.first == 22 {
                // A TLS hello: what every HTTP server says to it.
                try respond(400, ["Connection": "close"], text: "bad request")
                return nil
            }
        }
    }

    func expect(_ request: TestRequest) {
        remaining = request.headers["content-length"].flatMap { Int($0) } ?? 0
        isChunked = request.headers["transfer-encoding"] == "chunked"
    }

    /// Up to `limit` more bytes of the request's body; empty at its end.
    func readBody(limit: Int = 1 << 20) throws -> [UInt8] {
        if isChunked, remaining == 0 { try readChunkSize() }
        guard remaining > 0 else { return [] }
        if buffer.isEmpty, try !fill() { throw TestServerError() }
        let part = Array(buffer.prefix(min(limit, remaining)))
        buffer.removeFirst(part.count)
        remaining -= part.count
        if isChunked, remaining == 0 {
            _ = try readLine()
            if part.isEmpty { isChunked = false }
        }
        return part
    }

    func readWholeBody() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let part = try readBody()
            if part.isEmpty { return body }
            body += part
        }
    }

    /// Reads what the handler has left of the body.
    func drain() throws {
        while isOpen, try !readBody().isEmpty {}
    }

    func respond(_ status: Int, _ headers: [String: String] = [:], _ body: [UInt8] = []) throws {
        var head = "HTTP/1.1 \(status) Status\r\nContent-Length: \(headers["Content-Length"] ?? "\(body.count)")\r\n"
        for (name, value) in headers where name != "Content-Length" { head += "\(name): \(value)\r\n" }
        try write(Array((head + "\r\n").utf8) + body)
    }

    func respond(_ status: Int, _ headers: [String: String] = [:], text: String) throws {
        try respond(status, headers, Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else {
                isOpen = false
                throw TestServerError()
            }
            sent += count
        }
    }

    /// Hangs up, with a reset where `abruptly`.
    func hangUp(abruptly: Bool = false) {
        if abruptly {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        }
        isOpen = false
    }

    /// Waits until the client hangs up; the data it sends meanwhile stays where it is.
    func waitForHangUp() {
        // POLLRDHUP, which Glibc shows to GNU programs only.
        var state = pollfd(fd: socket, events: 0x2000, revents: 0)
        // A signal of another test's child process interrupts it; the server's own stop ends it.
        while poll(&state, 1, -1) < 0, errno == EINTR {}
        isOpen = false
    }

    private func readChunkSize() throws {
        guard let size = Int(try readLine(), radix: 16) else { throw TestServerError() }
        remaining = size
        if size == 0 {
            _ = try readLine()
            isChunked = false
        }
    }

    private func readLine() throws -> String {
        while true {
            if let end = buffer.firstRange(of: [13, 10]) {
                let line = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<end.upperBound)
                return line
            }
            guard try fill() else { throw TestServerError() }
        }
    }

    private func fill() throws -> Bool {
        var block = [UInt8](repeating: 0, count: 256 << 10)
        var count = -1
        repeat {
            count = block.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        } while count < 0 && errno == EINTR
        guard count > 0 else {
            isOpen = false
            return false
        }
        buffer += block[..<count]
        return true
    }
}
