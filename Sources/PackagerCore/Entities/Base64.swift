/// Base64 with padding, and where it is wrong. Source: RFC 4648, section 4.
enum Base64 {
    /// Text that is not base64; `offset` is that of Go's decoder, which clients know from ODAHU's messages.
    struct IllegalData: Error, CustomStringConvertible {
        var offset: Int
        var description: String { "illegal base64 data at input byte \(offset)" }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = UInt32(0)
            for index in 0..<3 { bits = bits << 8 | (index < group.count ? UInt32(group[start + index]) : 0) }
            for index in 0..<4 {
                let isData = index <= group.count
                output.append(isData ? alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Line breaks are skipped, and bytes that are not UTF-8 are refused.
    static func decode(_ text: String) throws -> String {
        let input = Array(text.utf8)
        var output: [UInt8] = []
        var quantum: [UInt8] = []
        var position = 0
        func skipLineBreaks() {
            while position < input.count, input[position] == 10 || input[position] == 13 { position += 1 }
        }
        while true {
            skipLineBreaks()
            guard position < input.count else { break }
            let byte = input[position]
            position += 1
            if let value = alphabet.firstIndex(of: byte) {
                quantum.append(UInt8(value))
                if quantum.count == 4 {
                    output += bytes(of: quantum)
                    quantum = []
                }
            } else {
                guard byte == UInt8(ascii: "="), quantum.count >= 2 else { throw IllegalData(offset: position - 1) }
                if quantum.count == 2 {
                    skipLineBreaks()
                    guard position < input.count else { throw IllegalData(offset: input.count) }
                    guard input[position] == UInt8(ascii: "=") else { throw IllegalData(offset: position - 1) }
                    position += 1
                }
                skipLineBreaks()
                guard position == input.count else { throw IllegalData(offset: position) }
                output += bytes(of: quantum)
                quantum = []
            }
        }
        guard quantum.isEmpty else { throw IllegalData(offset: position - quantum.count) }
        guard let decoded = String(validating: output, as: UTF8.self) else { throw IllegalData(offset: 0) }
        return decoded
    }

    private static func bytes(of quantum: [UInt8]) -> [UInt8] {
        var bits = UInt32(0)
        for index in 0..<4 { bits = bits << 6 | (index < quantum.count ? UInt32(quantum[index]) : 0) }
        return (0..<quantum.count - 1).map { UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * $0)) }
    }
}
