import Dispatch
import Synchronization

/// A piece of a tar on its way through a pipeline, with room for what it is compressed to.
///
/// `@unchecked Sendable`: the appending thread fills it and hands it over; then `input` is only read, and the output
/// side belongs to the compressor until `compressed` is signalled, and to the output stage after.
final class LayerBlock: @unchecked Sendable {
    let input: UnsafeMutableRawBufferPointer
    let output: UnsafeMutableRawBufferPointer
    let hashed = DispatchSemaphore(value: 0)
    let compressed = DispatchSemaphore(value: 0)
    var count = 0
    var outputCount = 0
    var crc: UInt32 = 0

    init(size: Int, outputSize: Int) {
        input = .allocate(byteCount: size, alignment: 4096)
        output = .allocate(byteCount: outputSize, alignment: 64)
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }

    var contents: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: input[..<count]) }
}

/// A bounded number of blocks, made when first needed and used again.
final class BlockPool: Sendable {
    private let free = Mutex<[LayerBlock]>([])
    private let available: DispatchSemaphore
    private let make: @Sendable () -> LayerBlock

    init(limit: Int, make: @escaping @Sendable () -> LayerBlock) {
        // A semaphore must not go with less than its first value, and a failed pipeline gives not all blocks back.
        available = DispatchSemaphore(value: 0)
        for _ in 0..<limit { available.signal() }
        self.make = make
    }

    /// An empty block; waits while all are in use.
    func take() -> LayerBlock {
        available.wait()
        let block = free.withLock { $0.popLast() } ?? make()
        block.count = 0
        return block
    }

    func give(_ block: LayerBlock) {
        free.withLock { $0.append(block) }
        available.signal()
    }
}
