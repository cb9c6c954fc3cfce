/// NumPy's names for the element types of tensors, by the numbers and words of each format.
enum ElementType {
    /// `TensorProto.DataType` of `onnx.proto`.
    static func onnx(_ number: Int64) -> String? {
        let names: [Int64: String] = [
            1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "object",
            9: "bool", 10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128",
            16: "bfloat16", 17: "float8_e4m3fn", 18: "float8_e4m3fnuz", 19: "float8_e5m2", 20: "float8_e5m2fnuz",
            21: "uint4", 22: "int4", 23: "float4_e2m1fn",
        ]
        return names[number]
    }

    /// `DataType` of TensorFlow's `types.proto`.
    static func tensorFlow(_ number: Int64) -> String? {
        let names: [Int64: String] = [
            1: "float32", 2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 7: "object", 8: "complex64",
            9: "int64", 10: "bool", 14: "bfloat16", 17: "uint16", 18: "complex128", 19: "float16", 22: "uint32",
            23: "uint64",
        ]
        return names[number]
    }

    /// `ScalarType` of `torch/_export/serde/schema.py`.
    static func torchExport(_ number: Int64) -> String? {
        let names: [Int64: String] = [
            1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64",
            10: "complex64", 11: "complex128", 12: "bool", 13: "bfloat16", 28: "uint16",
        ]
        return names[number]
    }

    /// OpenVINO's words: `f32` of a layer, `FP32` of a port; "" for a type that only the data tells.
    static func openVINO(_ word: String) -> String {
        let word = word.lowercased()
        let names = [
            "f16": "float16", "f32": "float32", "f64": "float64", "fp16": "float16", "fp32": "float32",
            "fp64": "float64", "bf16": "bfloat16", "boolean": "bool", "bool": "bool", "string": "object",
            "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "u8": "uint8", "u16": "uint16",
            "u32": "uint32", "u64": "uint64", "i4": "int4", "u4": "uint4",
        ]
        return names[word] ?? (["dynamic", "unspecified", "undefined", ""].contains(word) ? "" : word)
    }
}
