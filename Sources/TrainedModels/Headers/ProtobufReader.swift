/// Reads one message in the wire format of Protocol Buffers, field by field, out of a file.
///
/// A length-delimited field is handed out as its place in the file: what nobody asks for, such as a tensor's data, is
/// never read. Any bytes end in fields or in ``ModelError`` `damaged`.
///
/// https://protobuf.dev/programming-guides/encoding/
struct ProtobufReader {
    struct Field {
        var number: Int
        var value: Value
    }

    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A string, bytes, a message or packed numbers.
        case bytes(Range<Int64>)
    }

    static let maximumDepth = 64
    /// Bytes of a name.
    static let maximumString: Int64 = 64 << 10

    let file: BlockFile
    private(set) var position: Int64
    private let end: Int64
    private let depth: Int

    init(_ file: BlockFile) {
        self.init(file, 0..<file.size, depth: 0)
    }

    private init(_ file: BlockFile, _ range: Range<Int64>, depth: Int) {
        self.file = file
        position = range.lowerBound
        end = range.upperBound
        self.depth = depth
    }

    /// The next field; nil at the message's end.
    mutating func next() throws -> Field? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint()
        guard let number = Int(exactly: tag >> 3), (1...536_870_911).contains(number) else {
            throw file.damage("a field has the number \(tag >> 3)", at: start)
        }
        let value: Value
        switch tag & 7 {
        case 0: value = .varint(try varint())
        case 1: value = .fixed64(try fixed(8))
        case 2: value = .bytes(try delimited())
        case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
        // Groups have been deprecated since before the formats read here existed.
        default: throw file.damage("the field \(number) has the wire type \(tag & 7)", at: start)
        }
        return Field(number: number, value: value)
    }

    /// Reads all fields.
    mutating func forEach(_ body: (Field) throws -> Void) throws {
        while let field = try next() { try body(field) }
    }

    /// The message that a field is.
    func message(_ field: Field) throws -> ProtobufReader {
        guard depth < Self.maximumDepth else { throw file.damage("messages are nested too deeply", at: position) }
        return ProtobufReader(file, try range(field), depth: depth + 1)
    }

    func string(_ field: Field) throws -> String {
        let range = try range(field)
        guard range.count <= Self.maximumString else {
            throw file.damage("the field \(field.number) is too long for a name", at: range.lowerBound)
        }
        guard let text = String(validating: try file.bytes(range), as: UTF8.self) else {
            throw file.damage("the field \(field.number) is not UTF-8", at: range.lowerBound)
        }
        return text
    }

    /// The field as an `int64`, `int32` or enumeration.
    func integer(_ field: Field) throws -> Int64 {
        guard case .varint(let bits) = field.value else {
            throw file.damage("the field \(field.number) is not a number", at: position)
        }
        return Int64(bitPattern: bits)
    }

    /// Numbers that may come one by one or packed, at most `limit` of them.
    func integers(_ field: Field, limit: Int) throws -> [Int64] {
        guard case .bytes(let range) = field.value else { return [try integer(field)] }
        var reader = ProtobufReader(file, range, depth: depth)
        var numbers: [Int64] = []
        while reader.position < reader.end {
            guard numbers.count < limit else { throw file.damage("the field \(field.number) is too long") }
            numbers.append(Int64(bitPattern: try reader.varint()))
        }
        return numbers
    }

    private func range(_ field: Field) throws -> Range<Int64> {
        guard case .bytes(let range) = field.value else {
            throw file.damage("the field \(field.number) is a number and not a message", at: position)
        }
        return range
    }

    private mutating func byte() throws -> UInt8 {
        guard position < end, let byte = try file.byte(at: position) else {
            throw file.damage("a message ends within a field", at: position)
        }
        position += 1
        return byte
    }

    private mutating func varint() throws -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try byte()
            // The tenth byte has one bit to give; what is over is dropped, as everywhere.
            result |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return result }
        }
        throw file.damage("a number has more than ten bytes", at: position)
    }

    private mutating func fixed(_ count: Int) throws -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<count { result |= UInt64(try byte()) << (8 * UInt64(index)) }
        return result
    }

    private mutating func delimited() throws -> Range<Int64> {
        let start = position
        let length = try varint()
        guard length <= UInt64(end - position) else {
            throw file.damage("a field of \(length) bytes goes over the end of its message", at: start)
        }
        let range = position..<(position + Int64(length))
        position = range.upperBound
        return range
    }
}
