import FileSystem
package import SystemPackage

/// What a file's first bytes say it is.
package enum ArchiveFormat: Sendable, Hashable {
    case zip
    case tar
    /// A compressed stream, in which a tar is expected.
    case gzip, bzip2, xz, zstandard
    /// Something else, in words ("a Python pickle").
    case unknown(String)

    /// Looks at the first bytes of a file; its name does not count.
    package static func detect(_ file: FilePath) throws -> ArchiveFormat {
        try naming("read", file) {
            let descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter { detect(try firstBytes(of: descriptor)) }
        }
    }

    static func firstBytes(of descriptor: FileDescriptor) throws -> [UInt8] {
        var head = [UInt8](repeating: 0, count: 512)
        var count = 0
        while count < head.count {
            let read = try head.withUnsafeMutableBytes { buffer in
                try descriptor.read(
                    fromAbsoluteOffset: Int64(count),
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                )
            }
            if read == 0 { break }
            count += read
        }
        return Array(head[..<count])
    }

    static func detect(_ head: [UInt8]) -> ArchiveFormat {
        func starts(_ bytes: UInt8...) -> Bool { head.starts(with: bytes) }
        if starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6) || starts(0x50, 0x4b, 7, 8) { return .zip }
        if starts(0x1f, 0x8b) { return .gzip }
        if starts(0x42, 0x5a, 0x68), head.count > 3, (0x31...0x39).contains(head[3]) { return .bzip2 }
        if starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0) { return .xz }
        if starts(0x28, 0xb5, 0x2f, 0xfd) { return .zstandard }
        if head.count >= 4, (0x50...0x5f).contains(head[0]), head[1...3].elementsEqual([0x2a, 0x4d, 0x18]) {
            return .zstandard
        }
        if isTarHeader(head) { return .tar }
        return .unknown(describe(head))
    }

    /// The "ustar" magic, or a header checksum that is right (tar of the seventh edition has no magic).
    private static func isTarHeader(_ head: [UInt8]) -> Bool {
        guard head.count == 512 else { return false }
        if head[257..<262].elementsEqual("ustar".utf8) { return true }
        if head.allSatisfy({ $0 == 0 }) { return true }
        let field = String(decoding: head[148..<156].prefix { $0 != 0 }, as: UTF8.self).filter { $0 != " " }
        guard let stored = Int(field, radix: 8) else { return false }
        let sum = head.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
        return sum == stored
    }

    private static let signatures: [(bytes: [UInt8], name: String)] = [
        ([0x80, 2], "a Python pickle"), ([0x80, 3], "a Python pickle"), ([0x80, 4], "a Python pickle"),
        ([0x80, 5], "a Python pickle"),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7-Zip archive"),
        (Array("Rar!".utf8), "a RAR archive"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
        (Array("GGUF".utf8), "a GGUF model"),
        ([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "a NumPy array"),
        (Array("PAR1".utf8), "a Parquet file"),
        (Array("%PDF".utf8), "a PDF document"),
        ([0x7f, 0x45, 0x4c, 0x46], "an ELF program"),
        (Array("MZ".utf8), "a Windows program"),
        ([0x89, 0x50, 0x4e, 0x47], "a PNG image"),
        (Array("SQLite format 3".utf8), "an SQLite database"),
        (Array("version https://git-lfs".utf8), "a Git LFS pointer instead of the file it stands for"),
    ]

    private static func describe(_ head: [UInt8]) -> String {
        if head.isEmpty { return "an empty file" }
        if let signature = signatures.first(where: { head.starts(with: $0.bytes) }) { return signature.name }
        let isText =
            head.allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
            && String(validating: head.dropLast(3), as: UTF8.self) != nil
        if isText {
            let text = String(decoding: head, as: UTF8.self).drop { $0.isWhitespace }
            let lower = text.prefix(20).lowercased()
            if lower.hasPrefix("<!doctype html") || lower.hasPrefix("<html") { return "an HTML page" }
            if lower.hasPrefix("<") { return "an XML document" }
            if lower.hasPrefix("{") || lower.hasPrefix("[") { return "a JSON document" }
            return "text that begins \"\(text.prefix { !$0.isNewline }.prefix(30))\""
        }
        let digits = head.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "data that begins with the bytes \(digits.joined(separator: " "))"
    }
}
