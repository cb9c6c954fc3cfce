import Glibc
import Testing
import Transfer

/// Bytes in chunks of one size, counted as they are asked for.
struct Chunks: AsyncSequence, Sendable {
    typealias Failure = any Error
    let bytes: [UInt8]
    let size: Int

    init(_ bytes: [UInt8], size: Int) {
        self.bytes = bytes
        // Chunks of single bytes only at the start: enough to cross every edge.
        self.size = size
    }

    func makeAsyncIterator() -> Iterator { Iterator(chunks: self) }

    struct Iterator: AsyncIteratorProtocol {
        let chunks: Chunks
        var offset = 0

        mutating func next() async throws -> [UInt8]? {
            guard offset < chunks.bytes.count else { return nil }
            let size = chunks.size == 1 && offset > 5_000 ? 1 << 20 : chunks.size
            defer { offset += size }
            return Array(chunks.bytes[offset..<Swift.min(offset + size, chunks.bytes.count)])
        }
    }
}

func expectError<Value>(
    _ code: TransferError.Code,
    saying text: String = "",
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Value
) async {
    do {
        _ = try await body()
        Issue.record("no error", sourceLocation: sourceLocation)
    } catch let error as TransferError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(text.isEmpty || error.description.contains(text), "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}

/// Waits, for ten seconds at most, until something is so.
func waitUntil(sourceLocation: SourceLocation = #_sourceLocation, _ isSo: () -> Bool) async throws {
    for _ in 0..<1000 {
        if isSo() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it does not become so", sourceLocation: sourceLocation)
}

/// Resident memory of this process in bytes.
func residentMemory() throws -> Int {
    let status = try #require(fopen("/proc/self/statm", "r"))
    defer { fclose(status) }
    var line = [CChar](repeating: 0, count: 256)
    _ = try #require(fgets(&line, 256, status))
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return try #require(Int(text.split(separator: " ")[1])) * sysconf(Int32(_SC_PAGESIZE))
}

/// Zeros in blocks of 1 MiB, none of which stays.
struct Zeros: AsyncSequence, Sendable {
    typealias Failure = any Error
    let count: Int

    func makeAsyncIterator() -> Iterator { Iterator(left: count) }

    struct Iterator: AsyncIteratorProtocol {
        var left: Int

        mutating func next() async throws -> [UInt8]? {
            guard left > 0 else { return nil }
            let size = Swift.min(left, 1 << 20)
            left -= size
            return [UInt8](repeating: 0, count: size)
        }
    }
}
