import Glibc

/// A pickle of scikit-learn, looked through for the version that wrote it and never loaded: unpickling runs code.
struct PickledModel {
    /// The string that scikit-learn keeps as `_sklearn_version`.
    private(set) var scikitLearnVersion: String?
    /// Whether joblib's own classes are in it.
    private(set) var usesJoblib = false

    /// The opcode PROTO and a version of the protocol, and not PyTorch's magic number.
    static func recognizes(_ head: [UInt8]) -> Bool {
        guard head.count > 2, head[0] == 0x80, (2...5).contains(head[1]) else { return false }
        return !head[2...].starts(with: [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])
    }

    init(_ file: BlockFile) throws {
        let key = Array("_sklearn_version".utf8)
        let joblib = Array("joblib.numpy_pickle".utf8)
        try file.forEachBlock(overlap: 256) { block in
            if !usesJoblib { usesJoblib = Self.find(joblib, in: block, from: 0) != nil }
            var start = 0
            while scikitLearnVersion == nil, let found = Self.find(key, in: block, from: start) {
                start = found + key.count
                scikitLearnVersion = Self.string(block, at: start)
            }
            return scikitLearnVersion == nil || !usesJoblib
        }
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
