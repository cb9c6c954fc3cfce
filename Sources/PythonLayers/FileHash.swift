import Crypto
package import FileSystem
package import OCI
package import SystemPackage

/// SHA-256 of content that comes in pieces.
package struct FileHash {
    private var hasher = SHA256()

    mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }

    func digest() -> OCI.Digest { OCI.Digest(hasher.finalize()) }

    /// The digest of a whole file, read in blocks.
    static func digest(of path: FilePath, flag: CancellationFlag) throws -> OCI.Digest {
        var hasher = SHA256()
        try forEachBlock(of: path, flag: flag) { hasher.update(bufferPointer: $0) }
        return OCI.Digest(hasher.finalize())
    }

    /// Copies a file and gives the digest of what was copied.
    package static func copy(_ source: FilePath, to destination: FilePath, flag: CancellationFlag) throws -> OCI.Digest
    {
        let file = try naming("write", destination) {
            try FileDescriptor.open(
                destination,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        defer { try? file.close() }
        var hasher = SHA256()
        try forEachBlock(of: source, flag: flag) { block in
            hasher.update(bufferPointer: block)
            try naming("write", destination) { _ = try file.writeAll(block) }
        }
        return OCI.Digest(hasher.finalize())
    }

    package static func forEachBlock(
        of path: FilePath,
        flag: CancellationFlag,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let file = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
        defer { try? file.close() }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { block.deallocate() }
        while true {
            try flag.check()
            let count = try naming("read", path) { try file.read(into: block) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
    }
}

extension OCI.Digest {
    /// The digest's value.
    var bytes: [UInt8] {
        let digits = hexadecimal.utf8.map {
            $0 >= UInt8(ascii: "a") ? $0 - UInt8(ascii: "a") + 10 : $0 - UInt8(ascii: "0")
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
