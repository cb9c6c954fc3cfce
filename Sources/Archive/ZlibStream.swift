import CZlib
import SystemPackage

/// Deflate with the header and checksum of RFC 1950, which libarchive does not read.
final class ZlibStream: TarStream {
    private let descriptor: FileDescriptor
    private let name: String
    private let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: TarStreams.blockSize, alignment: 16)
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: TarStreams.blockSize, alignment: 16)
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var isAtEnd = false

    /// - Parameter descriptor: of the whole file, at its start; it stays the caller's.
    init(_ descriptor: FileDescriptor, name: String) throws {
        self.descriptor = descriptor
        self.name = name
        stream.initialize(to: z_stream())
        guard zlib_inflate_init(stream) == Z_OK else { throw ArchiveError.system("read", name, .noMemory) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        packed.deallocate()
        block.deallocate()
    }

    func nextBlock() throws -> UnsafeRawBufferPointer {
        stream.pointee.next_out = block.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(block.count)
        while !isAtEnd, stream.pointee.avail_out > 0 {
            if stream.pointee.avail_in == 0 { try refill() }
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK: continue
            case Z_STREAM_END: isAtEnd = true
            default: throw damage(stream.pointee.msg.map { String(cString: $0) } ?? "unreadable")
            }
        }
        return UnsafeRawBufferPointer(rebasing: block[..<(block.count - Int(stream.pointee.avail_out))])
    }

    private func refill() throws {
        let count: Int
        do { count = try descriptor.read(into: packed) } catch let errno as Errno {
            throw ArchiveError.system("read", name, errno)
        }
        guard count > 0 else { throw damage("the file ends too early") }
        stream.pointee.next_in = packed.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_in = UInt32(count)
    }

    private func damage(_ reason: String) -> ArchiveError {
        ArchiveError(.damaged, name, "the zlib data is damaged (\(reason)); copy or upload it again")
    }
}
