import FoundationEssentials
import JSON
import SystemPackage

/// The JSON that a safetensors file begins with. Source: huggingface/safetensors, "Format".
enum SafetensorsHeader {
    /// Longer headers are left unread: no known model has one, and one is held in memory.
    static let limit: UInt64 = 16 << 20

    /// - Returns: nil for a header that is longer than ``limit``.
    /// - Throws: ``BundleError`` `damagedFile` when tensors lie outside the file, or the header is none.
    static func facts(of path: FilePath, name: String) throws -> TensorFacts? {
        let reader = try HeaderReader(path, name: name)
        guard reader.size >= 8 else { throw reader.damage("it is too short for a safetensors file") }
        let length: UInt64 = try reader.integer()
        guard length <= UInt64(reader.size - 8) else {
            throw reader.damage("its header has \(length) bytes, and the file has not")
        }
        guard length <= limit else { return nil }
        let bytes = try reader.bytes(length, limit: Int(limit))
        guard bytes.first == UInt8(ascii: "{"),
            let header = try? CanonicalJSON.decode(JSONValue.self, from: Data(bytes))
        else { throw reader.damage("its header is no JSON object") }
        let room = reader.size - 8 - Int64(length)
        var facts = TensorFacts()
        for (tensor, description) in header.objectValue ?? [:] where tensor != "__metadata__" {
            guard let type = description["dtype"]?.stringValue,
                let shape = try? description["shape"]?.decode(as: [UInt64].self),
                let count = TensorFacts.count(shape),
                let range = try? description["data_offsets"]?.decode(as: [Int64].self),
                range.count == 2, range[0] >= 0, range[0] <= range[1]
            else { throw reader.damage("its header describes no tensor as \"\(tensor.prefix(80))\"") }
            guard range[1] <= room else {
                throw reader.damage("its tensor \"\(tensor.prefix(80))\" ends \(range[1] - room) bytes behind the file")
            }
            facts.add(types[type] ?? type, elements: count)
        }
        return facts
    }

    private static let types = [
        "BOOL": "bool", "U8": "uint8", "I8": "int8", "U16": "uint16", "I16": "int16", "U32": "uint32", "I32": "int32",
        "U64": "uint64", "I64": "int64", "F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64",
        "F8_E4M3": "float8_e4m3", "F8_E5M2": "float8_e5m2", "F8_E8M0": "float8_e8m0",
    ]
}
