/// The types of tensors' elements.
package enum DataType: String, Sendable, Hashable, CaseIterable {
    case invalid = "TYPE_INVALID"
    case bool = "TYPE_BOOL"
    case uint8 = "TYPE_UINT8"
    case uint16 = "TYPE_UINT16"
    case uint32 = "TYPE_UINT32"
    case uint64 = "TYPE_UINT64"
    case int8 = "TYPE_INT8"
    case int16 = "TYPE_INT16"
    case int32 = "TYPE_INT32"
    case int64 = "TYPE_INT64"
    case fp16 = "TYPE_FP16"
    case fp32 = "TYPE_FP32"
    case fp64 = "TYPE_FP64"
    case string = "TYPE_STRING"
    case bf16 = "TYPE_BF16"
}

extension DataType: TextEnumeration {}

extension DataType {
    /// From NumPy's name of a type (`float32`, `object` for strings), Triton's own (`FP32`, `BYTES`, `TYPE_FP32`) or
    /// MLflow's of a column (`double`, `long`). Nil for any other word.
    init?(named name: String) {
        let upper = name.uppercased()
        if let own = Self(rawValue: upper.hasPrefix("TYPE_") ? upper : "TYPE_" + upper), own != .invalid {
            self = own
            return
        }
        switch name.lowercased() {
        case "float16", "half": self = .fp16
        case "float32", "float": self = .fp32
        case "float64", "double": self = .fp64
        case "bfloat16": self = .bf16
        case "integer": self = .int32
        case "long": self = .int64
        case "boolean": self = .bool
        case "object", "str", "bytes", "datetime", "binary": self = .string
        default: return nil
        }
    }
}
