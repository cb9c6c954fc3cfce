import FileSystem
import SystemPackage

/// A tar as the pieces it is made of: the bytes around the files, and the files where they lie.
///
/// Reads as a stream of chunks, as often as it is asked for, with one chunk in memory.
struct TarSegments: AsyncSequence, Sendable {
    enum Segment: Sendable {
        case bytes([UInt8])
        case file(FilePath, size: Int64)
    }

    /// Bytes of a chunk at most.
    static let chunkSize = 1 << 20

    private(set) var segments: [Segment] = []
    /// Bytes of the file that is being written which have yet to come.
    private var passing: Int64 = 0

    /// The next `size` bytes are those of a file.
    mutating func beginFile(_ path: FilePath, size: Int64) {
        segments.append(.file(path, size: size))
        passing = size
    }

    /// Takes the tar's next bytes, and keeps those that are in no file.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        let passed = Int(Swift.min(passing, Int64(bytes.count)))
        passing -= Int64(passed)
        let rest = bytes[passed...]
        if rest.isEmpty { return }
        if case .bytes(let before)? = segments.last {
            segments[segments.count - 1] = .bytes(before + rest)
        } else {
            segments.append(.bytes(Array(rest)))
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(segments: segments[...]) }

    struct Iterator: AsyncIteratorProtocol {
        var segments: ArraySlice<Segment>
        /// Where in the first segment, a file, the next chunk starts.
        private var offset: Int64 = 0

        init(segments: ArraySlice<Segment>) { self.segments = segments }

        mutating func next() async throws -> [UInt8]? {
            guard let segment = segments.first else { return nil }
            switch segment {
            case .bytes(let bytes):
                segments.removeFirst()
                return bytes
            case .file(let path, let size):
                let start = offset
                let count = Int(Swift.min(size - start, Int64(TarSegments.chunkSize)))
                let chunk = try await blocking { try Self.read(path, from: start, count: count) }
                offset += Int64(count)
                if offset == size {
                    segments.removeFirst()
                    offset = 0
                }
                return chunk
            }
        }

        /// - Throws: ``AssemblerError`` `fileChanged` when the file has become shorter.
        private static func read(_ path: FilePath, from start: Int64, count: Int) throws -> [UInt8] {
            let chunk = try naming("read", path) {
                let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
                return try file.closeAfter {
                    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                        while filled < count {
                            let room = UnsafeMutableRawBufferPointer(
                                rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
                            )
                            let read = try file.read(fromAbsoluteOffset: start + Int64(filled), into: room)
                            if read == 0 { break }
                            filled += read
                        }
                    }
                }
            }
            guard chunk.count == count else { throw LayerWriter.changed(path) }
            return chunk
        }
    }
}
