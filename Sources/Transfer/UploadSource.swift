import FileSystem
import SystemPackage

/// A request's body as the loop's thread reads it.
enum UploadSource: Sendable {
    case none
    case bytes([UInt8])
    case file(OpenFile, offset: Int64, length: Int64)
    /// The chunks are handed over by the exchange.
    case stream(length: Int64?)

    /// Opens the file of a `file` body.
    init(_ body: HTTPBody) async throws {
        switch body {
        case .none: self = .none
        case .bytes(let bytes): self = .bytes(bytes)
        case .file(let path, let offset, let length):
            self = .file(try await blocking { try OpenFile(path) }, offset: offset, length: length)
        case .stream(_, let length): self = .stream(length: length)
        }
    }

    /// Bytes; nil when it is not known.
    var length: Int64? {
        switch self {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, _, let length): length
        case .stream(let length): length
        }
    }

    var isEmpty: Bool {
        if case .none = self { true } else { false }
    }
}

/// A file open for reading until the last reference goes.
final class OpenFile: Sendable {
    let path: FilePath
    private let descriptor: FileDescriptor

    init(_ path: FilePath) throws {
        self.path = path
        descriptor = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
    }

    deinit { try? descriptor.close() }

    /// - Returns: 0 at the end of the file.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try naming("read", path) { try descriptor.read(fromAbsoluteOffset: offset, into: buffer) }
    }
}
