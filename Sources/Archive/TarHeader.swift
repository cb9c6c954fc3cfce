/// A block of 512 bytes that begins an entry of a tar.
struct TarHeader {
    /// What headers before this one say of it in its place.
    struct Overrides {
        var path: String?
        var linkTarget: String?
        var size: Int64?
    }

    var path: String
    var linkTarget: String
    var size: Int64
    /// `typeflag`
    var type: UInt8

    /// Nil for a block without the right checksum, or without a size.
    init?(_ block: [UInt8]) {
        guard block.count == TarSplitter.blockSize else { return nil }
        // The checksum counts itself as blanks.
        let sum = block.enumerated().reduce(Int64(0)) { sum, byte in
            sum + (148..<156 ~= byte.offset ? 0x20 : Int64(byte.element))
        }
        guard Self.number(block[148..<156]) == sum, let size = Self.number(block[124..<136]), size >= 0 else {
            return nil
        }
        type = block[156]
        // Nothing but files has contents, whatever its size says.
        let hasContents = ![UInt8]("123456".utf8).contains(type)
        self.size = hasContents ? size : 0
        let isUstar = block[257..<262].elementsEqual("ustar".utf8) && block[262] == 0
        let prefix = isUstar ? Self.text(block[345..<500]) : ""
        path = (prefix.isEmpty ? "" : prefix + "/") + Self.text(block[0..<100])
        linkTarget = Self.text(block[157..<257])
    }

    /// Whether the contents are about the next entry.
    var isExtension: Bool { [UInt8]("xgLK".utf8).contains(type) }

    func entry(_ overrides: Overrides) -> TarSplitter.Entry {
        let kind: TarSplitter.Entry.Kind =
            switch type {
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
            case UInt8(ascii: "1"), UInt8(ascii: "2"): .link(target: overrides.linkTarget ?? linkTarget)
            default: .other
            }
        let hasContents = ![UInt8]("123456".utf8).contains(type)
        return TarSplitter.Entry(
            path: overrides.path ?? path,
            kind: kind,
            size: hasContents ? overrides.size ?? size : 0
        )
    }

    /// Octal digits between blanks, or GNU's binary form with the highest bit set; nil for anything else.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return nil }
        var value: Int64 = 0
        if first & 0x80 != 0 {
            // A negative number has no place here.
            guard first == 0x80 else { return nil }
            for byte in field.dropFirst() {
                guard value <= Int64.max >> 8 else { return nil }
                value = value << 8 | Int64(byte)
            }
            return value
        }
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0 }
        for byte in field.drop(while: isBlank).prefix(while: { !isBlank($0) }) {
            guard 0x30...0x37 ~= byte, value <= Int64.max >> 3 else { return nil }
            value = value << 3 | Int64(byte - 0x30)
        }
        return value
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension TarHeader.Overrides {
    /// - Parameter type: `x` of pax, or GNU's `L` and `K`; `g` is for all entries and says nothing that counts here.
    /// - Returns: false for contents that are not what they should be.
    mutating func read(_ contents: [UInt8], type: UInt8) -> Bool {
        switch type {
        case UInt8(ascii: "L"): path = String(decoding: contents.prefix { $0 != 0 }, as: UTF8.self)
        case UInt8(ascii: "K"): linkTarget = String(decoding: contents.prefix { $0 != 0 }, as: UTF8.self)
        case UInt8(ascii: "x"): return readRecords(contents[...])
        default: break
        }
        return true
    }

    /// Records of the form `LENGTH KEY=VALUE\n`, where the length counts the whole record.
    private mutating func readRecords(_ contents: ArraySlice<UInt8>) -> Bool {
        var rest = contents
        while !rest.isEmpty {
            let digits = rest.prefix { 0x30...0x39 ~= $0 }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 1,
                length <= rest.count
            else { return false }
            let record = rest.prefix(length)
            guard record.last == 0x0a, record.dropFirst(digits.count).first == 0x20 else { return false }
            let pair = record.dropFirst(digits.count + 1).dropLast()
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return false }
            let value = String(decoding: pair[(equals + 1)...], as: UTF8.self)
            switch String(decoding: pair[..<equals], as: UTF8.self) {
            case "path": path = value
            case "linkpath": linkTarget = value
            case "size":
                guard let number = Int64(value), number >= 0 else { return false }
                size = number
            default: break
            }
            rest = rest.dropFirst(length)
        }
        return true
    }
}
