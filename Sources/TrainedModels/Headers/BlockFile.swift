import FileSystem
import SystemPackage

/// A file that is read here and there, with one block of it in memory at a time.
final class BlockFile {
    /// Bytes.
    let size: Int64
    /// The file's path in the artifact, for errors.
    let name: String
    let path: FilePath
    private let descriptor: FileDescriptor
    private var block = [UInt8](repeating: 0, count: 16 << 10)
    private var loaded: Range<Int64> = 0..<0

    init(_ path: FilePath, name: String) throws {
        self.path = path
        self.name = name
        size = try FileIdentity(of: path).size
        descriptor = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
    }

    deinit { try? descriptor.close() }

    /// Nil past the end.
    func byte(at offset: Int64) throws -> UInt8? {
        if !loaded.contains(offset) {
            guard (0..<size).contains(offset) else { return nil }
            let count = try naming("read", path) {
                try block.withUnsafeMutableBytes { try descriptor.read(fromAbsoluteOffset: offset, into: $0) }
            }
            loaded = offset..<(offset + Int64(count))
            // The file was longer when it was opened.
            guard count > 0 else { return nil }
        }
        return block[Int(offset - loaded.lowerBound)]
    }

    /// The bytes of a range as far as the file has them; for short ranges.
    func bytes(_ range: Range<Int64>) throws -> [UInt8] {
        let range = range.clamped(to: 0..<size)
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        for offset in range {
            guard let byte = try byte(at: offset) else { break }
            result.append(byte)
        }
        return result
    }

    func head(_ count: Int64) throws -> [UInt8] { try bytes(0..<count) }

    func tail(_ count: Int64) throws -> [UInt8] { try bytes(max(0, size - count)..<size) }

    /// Hands out the whole file in overlapping blocks, so that what is shorter than the overlap lies whole in one.
    ///
    /// - Parameter body: returns false to stop.
    func forEachBlock(of length: Int = 1 << 20, overlap: Int, _ body: (UnsafeRawBufferPointer) throws -> Bool) throws {
        var buffer = [UInt8](repeating: 0, count: length)
        var kept = 0
        var offset: Int64 = 0
        while true {
            let count = try naming("read", path) {
                try buffer.withUnsafeMutableBytes {
                    try descriptor.read(
                        fromAbsoluteOffset: offset,
                        into: UnsafeMutableRawBufferPointer(rebasing: $0[kept...])
                    )
                }
            }
            guard count > 0 else { return }
            offset += Int64(count)
            let filled = kept + count
            let goesOn = try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<filled])) }
            guard goesOn else { return }
            kept = min(overlap, filled)
            buffer.replaceSubrange(0..<kept, with: Array(buffer[(filled - kept)..<filled]))
        }
    }

    /// The header contradicts itself or ends too early.
    func damage(_ reason: String, at offset: Int64? = nil) -> ModelError {
        let place = offset.map { " (at byte \($0))" } ?? ""
        return ModelError(.damaged, name, "\(reason)\(place); the file is cut off or damaged, copy or save it again")
    }
}
