/// JSON writes a character beyond the basic plane as two escapes, which libyaml refuses: the text with such pairs as the
/// characters they stand for. YAML of its own has no such pairs, so only a text that can be JSON is looked at.
func joiningSurrogates(in text: String) -> String {
    let first = text.utf8.first { !(0x09...0x0d).contains($0) && $0 != 0x20 }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return text }
    let bytes = Array(text.utf8)
    var joined: [UInt8] = []
    joined.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
            if let high = escapedUnit(bytes, index), let low = escapedUnit(bytes, index + 6),
                (0xd800..<0xdc00).contains(high), (0xdc00..<0xe000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
            {
                joined.append(contentsOf: String(scalar).utf8)
                index += 12
            } else {
                joined.append(contentsOf: bytes[index...(index + 1)])
                index += 2
            }
        } else {
            joined.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: joined, as: UTF8.self)
}

/// The value of `\uXXXX` at an index.
private func escapedUnit(_ bytes: [UInt8], _ index: Int) -> UInt32? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
        return nil
    }
    let digits = bytes[(index + 2)..<(index + 6)]
    guard digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
}
