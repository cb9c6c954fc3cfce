import CArchive
import FileSystem

/// Hands a ``TarStream`` to libarchive and keeps what went wrong: a C callback cannot throw.
final class TarFeed {
    private let stream: any TarStream
    private let budget: ArchiveBudget
    private let flag: CancellationFlag
    /// What is missing of a last block that was not filled up; nil where that is an error.
    private let padding: UnsafeMutableRawBufferPointer?
    private(set) var failure: (any Error)?
    /// Bytes handed over so far.
    private(set) var position: Int64 = 0

    /// - Parameter fillsLastBlock: takes a tar whose last file is not filled up to a whole block, as umoci writes it.
    init(_ stream: any TarStream, budget: ArchiveBudget, flag: CancellationFlag, fillsLastBlock: Bool = false) {
        self.stream = stream
        self.budget = budget
        self.flag = flag
        padding = fillsLastBlock ? .allocate(byteCount: TarSplitter.blockSize, alignment: 16) : nil
        padding?.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { padding?.deallocate() }

    /// Makes libarchive read from this feed, which has to outlive the handle.
    func open(_ handle: OpaquePointer) -> Int32 {
        archive_read_open2(
            handle,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, feed, buffer in
                guard let feed, let buffer else { return -1 }
                return Unmanaged<TarFeed>.fromOpaque(feed).takeUnretainedValue().next(into: buffer)
            },
            nil,
            nil
        )
    }

    /// Reads what follows the tar's end, so that a checksum or a cut at the very end is seen too.
    func drain() throws {
        if let failure { throw failure }
        while try !next().isEmpty {}
    }

    private func next(into buffer: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do {
            let block = try next()
            buffer.pointee = block.baseAddress
            return block.count
        } catch {
            failure = error
            return -1
        }
    }

    private func next() throws -> UnsafeRawBufferPointer {
        try flag.check()
        var block = try stream.nextBlock()
        let filled = Int(position % Int64(TarSplitter.blockSize))
        if block.isEmpty, filled > 0, let padding { block = UnsafeRawBufferPointer(rebasing: padding[filled...]) }
        position += Int64(block.count)
        try budget.check(adding: position)
        return block
    }
}
