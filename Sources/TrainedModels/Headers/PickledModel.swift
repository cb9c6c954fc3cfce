import Archive
import Glibc

/// A pickle of scikit-learn, looked through for the version that wrote it and never loaded: unpickling runs code.
struct PickledModel {
    /// The string that scikit-learn keeps as `_sklearn_version`.
    private(set) var scikitLearnVersion: String?
    /// Whether joblib's own classes are in it, or joblib has compressed it.
    private(set) var usesJoblib = false
    /// How joblib has compressed the file as a whole; nil where it has not.
    let compression: CompressedFile.Compression?

    /// The most bytes of a compressed file's content that are looked through.
    private static let contentLimit: Int64 = 4 << 30

    /// The opcode PROTO and a version of the protocol, and not PyTorch's magic number.
    static func recognizes(_ head: [UInt8]) -> Bool {
        guard head.count > 2, head[0] == 0x80, (2...5).contains(head[1]) else { return false }
        return !head[2...].starts(with: [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])
    }

    /// Whether a file is one that joblib has compressed as a whole: what is in it begins as a pickle does.
    static func recognizesCompressed(_ head: [UInt8], _ file: BlockFile) -> Bool {
        guard let compression = CompressedFile.Compression(head) else { return false }
        var isOne = false
        // What does not decompress is something else: the magic numbers are short.
        try? CompressedFile(file.path, compression).forEachBlock(limit: 1) { block in
            isOne = recognizes(Array(block.prefix(32)))
            return false
        }
        return isOne
    }

    init(_ file: BlockFile) throws {
        let head = try file.head(32)
        compression = Self.recognizes(head) ? nil : CompressedFile.Compression(head)
        guard let compression else {
            try file.forEachBlock(overlap: Self.overlap) { scan($0) }
            return
        }
        usesJoblib = true
        var window: [UInt8] = []
        do {
            try CompressedFile(file.path, compression).forEachBlock(limit: Self.contentLimit) { block in
                window.append(contentsOf: block)
                let goesOn = window.withUnsafeBytes { scan($0) }
                window.removeFirst(max(0, window.count - Self.overlap))
                return goesOn
            }
        } catch let error as ArchiveError {
            throw ModelError(.damaged, file.name, error.reason)
        }
    }

    /// Longer than what is looked for, so that it lies whole in one block.
    private static let overlap = 256
    private static let key = Array("_sklearn_version".utf8)
    private static let joblib = Array("joblib.numpy_pickle".utf8)

    /// Looks through one block; false when all is known.
    private mutating func scan(_ block: UnsafeRawBufferPointer) -> Bool {
        if !usesJoblib { usesJoblib = Self.find(Self.joblib, in: block, from: 0) != nil }
        var start = 0
        while scikitLearnVersion == nil, let found = Self.find(Self.key, in: block, from: start) {
            start = found + Self.key.count
            scikitLearnVersion = Self.string(block, at: start)
        }
        return scikitLearnVersion == nil || !usesJoblib
    }

    private static func find(_ pattern: [UInt8], in block: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = block.baseAddress, let first = pattern.first else { return nil }
        var start = start
        while start + pattern.count <= block.count,
            let found = memchr(base + start, Int32(first), block.count - pattern.count + 1 - start)
        {
            let offset = base.distance(to: UnsafeRawPointer(found))
            if memcmp(base + offset, pattern, pattern.count) == 0 { return offset }
            start = offset + 1
        }
        return nil
    }

    /// The string pushed next, behind the opcodes that only remember the key (MEMOIZE, BINPUT, LONG_BINPUT).
    private static func string(_ block: UnsafeRawBufferPointer, at start: Int) -> String? {
        var index = start
        guard index < block.count else { return nil }
        switch block[index] {
        case 0x94: index += 1
        case UInt8(ascii: "q"): index += 2
        case UInt8(ascii: "r"): index += 5
        default: break
        }
        guard index + 5 < block.count else { return nil }
        let header: Int
        switch block[index] {
        case 0x8c: header = 2  // SHORT_BINUNICODE
        case UInt8(ascii: "X"): header = 5  // BINUNICODE
        default: return nil
        }
        let length = Int(block[index + 1])
        let text = index + header..<index + header + length
        guard length <= 64, text.upperBound <= block.count else { return nil }
        let version = String(decoding: block[text], as: UTF8.self)
        return Requirement.isSpecifier("==\(version)") ? version : nil
    }
}

/// skops' zip: `schema.json` with the states of the objects.
enum SkopsModel {
    static func recognizes(_ zip: ZipMembers) -> Bool { zip.names.contains("schema.json") }

    /// The versions of scikit-learn and skops that wrote the file.
    static func versions(_ zip: ZipMembers) throws -> (scikitLearn: String?, skops: String?) {
        guard let bytes = try zip.bytes(of: "schema.json") else { return (nil, nil) }
        let text = String(decoding: bytes, as: UTF8.self)
        // The key of a node of type str, whose `content` is JSON once more: "\"1.5.0\"".
        let scikitLearn = text.firstRange(of: "\"_sklearn_version\"").flatMap { key -> String? in
            let node = text[key.upperBound...].prefix(1024)
            return node.firstRange(of: "\"content\"").flatMap { Self.version(node[$0.upperBound...]) }
        }
        let skops = text.firstRange(of: "\"_skops_version\"").flatMap { Self.version(text[$0.upperBound...]) }
        return (scikitLearn, skops)
    }

    /// The version that follows a colon, whatever quotes are around it.
    private static func version(_ text: Substring) -> String? {
        let value = text.prefix(128).drop { ": \\\"\n".contains($0) }
        let version = String(value.prefix { $0 != "\"" && $0 != "\\" })
        return Requirement.isSpecifier("==\(version)") ? version : nil
    }
}
