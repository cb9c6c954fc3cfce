import FileSystem
import Glibc
import SystemPackage

extension FilePath {
    func text() throws -> String { String(decoding: try readAll(), as: UTF8.self) }

    func write(_ text: String) throws { try writeAtomically(text.utf8) }

    /// A directory for the whole run; short, for the engine puts sockets below it.
    static var temporaryDirectories: FilePath { FilePath("/tmp") }
}

/// Ports of the loopback interface that nobody listens on. They are asked for all at once, so that none comes twice.
func freePorts(_ count: Int) throws -> [Int] {
    var descriptors: [CInt] = []
    defer { descriptors.forEach { _ = close($0) } }
    return try (0..<count).map { _ in
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        descriptors.append(descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        guard bound else { throw EndToEndError("no free port: \(Errno(rawValue: errno))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
