import FileSystem
import SystemPackage

/// Reads the header of a model file from front to back, little-endian, and never past the file's end.
final class HeaderReader {
    /// Bytes of the file.
    let size: Int64
    private let name: String
    private let path: FilePath
    private let descriptor: FileDescriptor
    /// Where the next byte is.
    private(set) var offset: Int64 = 0
    private var block = [UInt8](repeating: 0, count: 256 << 10)
    private var loaded: Range<Int64> = 0..<0

    /// - Parameter name: the file's path in the model, for errors.
    init(_ path: FilePath, name: String) throws {
        self.path = path
        self.name = name
        size = try FileIdentity(of: path).size
        descriptor = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
    }

    deinit { try? descriptor.close() }

    func integer<Integer: FixedWidthInteger>(_ type: Integer.Type = Integer.self) throws -> Integer {
        var value: Integer = 0
        for index in 0..<MemoryLayout<Integer>.size {
            value |= Integer(truncatingIfNeeded: try byte()) << Integer(index * 8)
        }
        return value
    }

    /// The next bytes, which must be no more than `limit`.
    func bytes(_ count: UInt64, limit: Int) throws -> [UInt8] {
        guard count <= UInt64(limit), Int64(count) <= size - offset else {
            throw damage("it has a field of \(count) bytes")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(count))
        for _ in 0..<Int(count) { bytes.append(try byte()) }
        return bytes
    }

    func skip(_ count: UInt64) throws {
        guard count <= UInt64(size - offset) else { throw damage("it ends within its header") }
        offset += Int64(count)
    }

    func damage(_ reason: String) -> BundleError {
        BundleError(
            .damagedFile,
            "\(name): \(reason) (at byte \(offset)); the file is cut off or damaged, copy or save it again"
        )
    }

    private func byte() throws -> UInt8 {
        guard offset < size else { throw damage("it ends within its header") }
        if !loaded.contains(offset) {
            let count = try naming("read", path) {
                try block.withUnsafeMutableBytes { try descriptor.read(fromAbsoluteOffset: offset, into: $0) }
            }
            guard count > 0 else { throw damage("it ends within its header") }
            loaded = offset..<(offset + Int64(count))
        }
        defer { offset += 1 }
        return block[Int(offset - loaded.lowerBound)]
    }
}
