import FileSystem
import OCI
import SystemPackage

import struct Crypto.SHA256

/// Takes a blob of which size and digest are known, and lets it into the store only when it has both.
///
/// `@unchecked Sendable`: its owner calls it from one task, one call after another.
final class VerifyingIngest: @unchecked Sendable {
    private let expected: Descriptor
    private let blob: BlobIngest
    private var hash = SHA256()

    init(_ expected: Descriptor, in store: OCILayout) throws {
        self.expected = expected
        blob = try BlobIngest(in: store)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        // Refused at once, so that an endless stream does not fill the disk.
        guard blob.size + Int64(bytes.count) <= expected.size else {
            throw AssemblerError(
                .corruptBlob,
                "blob \(expected.digest) is longer than the \(expected.size) bytes it should have"
            )
        }
        hash.update(bufferPointer: bytes)
        try blob.write(bytes)
    }

    func write(contentsOf path: FilePath, _ cancellation: CancellationFlag) throws {
        try path.readBlocks(cancellation) { try write($0) }
    }

    /// Gathers small chunks, so that not every one of them takes a trip to another thread.
    func write(_ chunks: any AsyncSequence<[UInt8], any Error> & Sendable) async throws {
        var gathered: [UInt8] = []
        for try await chunk in chunks {
            try Task.checkCancellation()
            if gathered.isEmpty { gathered = chunk } else { gathered += chunk }
            if gathered.count >= 1 << 20 {
                let full = gathered
                gathered = []
                try await blocking { try full.withUnsafeBytes { try self.write($0) } }
            }
        }
        let last = gathered
        try await blocking { try last.withUnsafeBytes { try self.write($0) } }
    }

    func commit() throws {
        guard blob.size == expected.size else {
            throw AssemblerError(
                .corruptBlob,
                "blob \(expected.digest) ended after \(blob.size) of \(expected.size) bytes"
            )
        }
        let digest = Digest(hash.finalize())
        guard digest == expected.digest else {
            throw AssemblerError(
                .corruptBlob,
                "blob \(expected.digest) arrived damaged: its content has the digest \(digest)"
            )
        }
        try blob.commit(digest)
    }

    func discard() { blob.discard() }
}
