import CISAL
import CZlib

/// Deflates blocks of a layer, each on its own: raw deflate that ends with a full flush, so that the blocks' outputs,
/// joined in order, are one deflate stream whatever thread made which. Used by one thread at a time.
protocol BlockDeflater: AnyObject {
    /// The most bytes that a block of `count` bytes can become.
    func bound(_ count: Int) -> Int

    /// - Returns: the bytes written to `output`.
    func deflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int
}

extension CompressionMode {
    func makeDeflater() throws -> (any BlockDeflater)? {
        switch self {
        case .fast: try ISALDeflater()
        case .small: try ZlibDeflater()
        case .none: nil
        }
    }
}

/// ISA-L at level 1.
final class ISALDeflater: BlockDeflater {
    private let deflater: UnsafeMutablePointer<isal_block_deflater>

    init() throws {
        guard let deflater = isal_block_deflater_new() else {
            throw AssemblerError(.compressionFailed, "cannot compress: there is no memory for ISA-L")
        }
        self.deflater = deflater
    }

    deinit { isal_block_deflater_free(deflater) }

    /// Level 1 writes dynamic Huffman blocks also where they do not pay; measured growth stays under 1 %.
    func bound(_ count: Int) -> Int { count + count / 8 + 4096 }

    func deflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        let written = isal_deflate_block(
            deflater,
            input.bindMemory(to: UInt8.self).baseAddress,
            UInt32(input.count),
            output.bindMemory(to: UInt8.self).baseAddress,
            UInt32(output.count)
        )
        guard written > 0 else { throw AssemblerError(.compressionFailed, "ISA-L cannot compress a block: \(written)") }
        return Int(written)
    }
}

/// zlib at a level from 1 to 9.
final class ZlibDeflater: BlockDeflater {
    private let stream: UnsafeMutablePointer<z_stream>

    init(level: Int32 = 6) throws {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard zlib_deflate_init_raw(stream, level) == Z_OK else {
            stream.deallocate()
            throw AssemblerError(.compressionFailed, "cannot compress: there is no memory for zlib")
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func bound(_ count: Int) -> Int { Int(deflateBound(stream, UInt(count))) + 64 }

    func deflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        deflateReset(stream)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let result = CZlib.deflate(stream, Z_FULL_FLUSH)
        guard result == Z_OK, stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 else {
            throw AssemblerError(.compressionFailed, "zlib cannot compress a block: \(result)")
        }
        return output.count - Int(stream.pointee.avail_out)
    }
}

/// The frame around the deflated blocks: one gzip member without name or time. Source: RFC 1952.
enum GzipFrame {
    /// Deflate, no flags, time 0, operating system unknown.
    static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]

    /// An empty last block, the CRC of everything and its length modulo 2³².
    static func trailer(crc: UInt32, count: Int64) -> [UInt8] {
        let length = UInt32(truncatingIfNeeded: count)
        return [0x03, 0x00]
            + [crc, length].flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    }

    static func crc(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        crc32_gzip_refl(0, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
    }

    /// The CRC of two runs of bytes from the CRCs of each, the second of `count` bytes.
    static func join(_ first: UInt32, _ second: UInt32, count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine(UInt(first), UInt(second), count))
    }
}
