import Dispatch
import OCI
import Synchronization

import struct Crypto.SHA256

/// Turns a tar's bytes into a blob: hashes them, compresses them in blocks, hashes and writes the result.
///
/// One thread appends; hashing, each compressor and the output have threads of their own, so that a layer takes as
/// long as its slowest stage. Blocks go round: at most `compressors + 3` are in memory. The bytes written do not depend
/// on the number of compressors, because the blocks have one size and are joined in order.
///
/// `@unchecked Sendable`: `block` and `total` are the appending thread's; `tarHash` is touched on `hashing` only, and
/// `blobHash`, `blobSize` and `crc` on `output` only, until ``finish()`` has drained both.
final class LayerPipeline: @unchecked Sendable {
    struct Result {
        var diffID: Digest
        var digest: Digest
        var size: Int64
    }

    static let blockSize = 1 << 20

    private let blob: BlobIngest?
    private let compressors: [Compressor]
    // Serial queues get threads beyond the pool's limit of one per core, so that no stage waits for a thread.
    private let hashing = DispatchQueue(label: "packager.layer.hash")
    private let output = DispatchQueue(label: "packager.layer.output")
    private let blocks: BlockPool
    private let failure = Mutex<(any Error)?>(nil)
    private let meter: LayerMeter?

    private var block: LayerBlock
    private var total: Int64 = 0
    private var index = 0
    private var tarHash = SHA256()
    private var blobHash = SHA256()
    private var blobSize: Int64 = 0
    private var crc: UInt32 = 0

    private struct Compressor: @unchecked Sendable {
        let queue: DispatchQueue
        /// Used on `queue` only.
        let deflater: any BlockDeflater
    }

    /// - Parameters:
    ///   - blob: takes what comes out; nil for the hashes alone.
    ///   - mode: `.none` writes the tar as it is, hashed once.
    ///   - meter: counts what is appended.
    init(blob: BlobIngest?, mode: CompressionMode, threads: Int, meter: LayerMeter? = nil) throws {
        self.meter = meter
        var compressors: [Compressor] = []
        for number in 0..<max(1, threads) {
            guard let deflater = try mode.makeDeflater() else { break }
            let queue = DispatchQueue(label: "packager.layer.compress.\(number)")
            compressors.append(Compressor(queue: queue, deflater: deflater))
        }
        self.blob = blob
        self.compressors = compressors
        let outputSize = compressors.first?.deflater.bound(Self.blockSize) ?? 0
        blocks = BlockPool(limit: compressors.count + 3) { LayerBlock(size: Self.blockSize, outputSize: outputSize) }
        block = blocks.take()
        if !compressors.isEmpty { enqueueOutput { try $0.emit(GzipFrame.header) } }
    }

    /// Where the next bytes go: reading a file straight into here saves ``append(_:)`` the copy. Never empty.
    var space: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: block.input[block.count...]) }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let room = space
            let count = min(room.count, rest.count)
            let part = UnsafeRawBufferPointer(rebasing: rest[..<count])
            if part.baseAddress != UnsafeRawPointer(room.baseAddress) { room.copyMemory(from: part) }
            block.count += count
            total += Int64(count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            if block.count == Self.blockSize { try send() }
        }
    }

    /// Waits for every stage.
    func finish() throws -> Result {
        if block.count > 0 { try send() }
        if !compressors.isEmpty {
            enqueueOutput { pipeline in
                try pipeline.emit(GzipFrame.trailer(crc: pipeline.crc, count: pipeline.total))
            }
        }
        drain()
        if let error = failure.withLock({ $0 }) { throw error }
        let diffID = Digest(tarHash.finalize())
        let digest = compressors.isEmpty ? diffID : Digest(blobHash.finalize())
        return Result(diffID: diffID, digest: digest, size: blobSize)
    }

    /// Waits until no stage touches the blob any more.
    func drain() {
        hashing.sync {}
        output.sync {}
    }

    private func send() throws {
        if let error = failure.withLock({ $0 }) { throw error }
        let full = block
        meter?.add(full.count)
        hashing.async { [self] in
            tarHash.update(bufferPointer: full.contents)
            full.hashed.signal()
        }
        if compressors.isEmpty {
            enqueueOutput(of: full) { try $0.write(full.contents) }
        } else {
            let compressor = compressors[index % compressors.count]
            compressor.queue.async { [self] in
                attempt {
                    full.outputCount = 0
                    full.crc = GzipFrame.crc(full.contents)
                    full.outputCount = try compressor.deflater.deflate(full.contents, into: full.output)
                }
                full.compressed.signal()
            }
            enqueueOutput(of: full) { pipeline in
                full.compressed.wait()
                try pipeline.emit(UnsafeRawBufferPointer(rebasing: full.output[..<full.outputCount]))
                pipeline.crc = GzipFrame.join(pipeline.crc, full.crc, count: full.count)
            }
        }
        index += 1
        block = blocks.take()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        try blob?.write(bytes)
        blobSize += Int64(bytes.count)
    }

    /// Writes bytes of the blob and hashes them; on `output`.
    private func emit(_ bytes: UnsafeRawBufferPointer) throws {
        try write(bytes)
        blobHash.update(bufferPointer: bytes)
    }

    private func emit(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try emit($0) }
    }

    private func enqueueOutput(of block: LayerBlock? = nil, _ work: @escaping @Sendable (LayerPipeline) throws -> Void)
    {
        output.async { [self] in
            attempt { try work(self) }
            guard let block else { return }
            block.hashed.wait()
            blocks.give(block)
        }
    }

    /// Keeps the first error; the appending thread meets it at its next block.
    private func attempt(_ work: () throws -> Void) {
        do {
            try work()
        } catch {
            failure.withLock { $0 = $0 ?? error }
        }
    }
}
