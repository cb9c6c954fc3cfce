import SystemPackage

/// The metadata and the list of tensors that a GGUF file begins with. Source: ggml-org/ggml, `docs/gguf.md`.
struct GGUFHeader {
    static let magic = Array("GGUF".utf8)

    private static let stringLimit = 1 << 20
    private static let maximumDimensions: UInt32 = 8
    private static let maximumNesting = 4

    private let reader: HeaderReader
    private var facts = TensorFacts()

    /// - Throws: ``BundleError`` `damagedFile`.
    static func facts(of path: FilePath, name: String) throws -> TensorFacts {
        var header = GGUFHeader(reader: try HeaderReader(path, name: name))
        try header.read()
        return header.facts
    }

    private init(reader: HeaderReader) { self.reader = reader }

    private mutating func read() throws {
        guard try reader.bytes(4, limit: 4) == Self.magic else { throw reader.damage("it is no GGUF file") }
        let version: UInt32 = try reader.integer()
        guard (2...3).contains(version) else {
            throw reader.damage("it has version \(version) of GGUF, and 2 and 3 are read")
        }
        let tensors: UInt64 = try reader.integer()
        let pairs: UInt64 = try reader.integer()
        // Each takes bytes of the file, so a wrong count ends at the file's end at the latest.
        var index: UInt64 = 0
        while index < pairs {
            try readPair()
            index += 1
        }
        index = 0
        while index < tensors {
            try readTensor()
            index += 1
        }
    }

    private mutating func readPair() throws {
        let key = try string()
        let type: UInt32 = try reader.integer()
        switch (key, type) {
        case ("general.architecture", 8): facts.architecture = try string()
        case ("general.name", 8): facts.name = try string()
        case ("general.file_type", 4):
            let number: UInt32 = try reader.integer()
            facts.quantization = Self.fileTypes[number]
        default: try skipValue(type)
        }
    }

    private mutating func readTensor() throws {
        _ = try string()
        let dimensions: UInt32 = try reader.integer()
        guard dimensions <= Self.maximumDimensions else { throw reader.damage("a tensor has \(dimensions) dimensions") }
        var shape: [UInt64] = []
        for _ in 0..<dimensions { shape.append(try reader.integer()) }
        let type: UInt32 = try reader.integer()
        try reader.skip(8)
        guard let count = TensorFacts.count(shape) else { throw reader.damage("a tensor has no possible size") }
        facts.add(Self.types[type] ?? "type \(type)", elements: count)
    }

    private func skipValue(_ type: UInt32, nesting: Int = 0) throws {
        if let size = Self.sizes[type] { return try reader.skip(size) }
        switch type {
        case 8: try reader.skip(try reader.integer())
        case 9:
            guard nesting < Self.maximumNesting else { throw reader.damage("its lists are nested too deep") }
            let element: UInt32 = try reader.integer()
            let count: UInt64 = try reader.integer()
            if let size = Self.sizes[element] {
                let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
                guard !overflow else { throw reader.damage("a list has no possible size") }
                return try reader.skip(bytes)
            }
            var index: UInt64 = 0
            while index < count {
                try skipValue(element, nesting: nesting + 1)
                index += 1
            }
        default: throw reader.damage("it has a value of the unknown type \(type)")
        }
    }

    private func string() throws -> String {
        String(decoding: try reader.bytes(try reader.integer(), limit: Self.stringLimit), as: UTF8.self)
    }

    /// Bytes of the types that always have as many.
    private static let sizes: [UInt32: UInt64] = [
        0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8,
    ]

    /// `ggml_type`
    private static let types: [UInt32: String] = [
        0: "float32", 1: "float16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K",
        11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 24: "int8", 25: "int16", 26: "int32", 27: "int64",
        28: "float64", 30: "bfloat16",
    ]

    /// `llama_ftype`, for those that are quantized.
    private static let fileTypes: [UInt32: String] = [
        2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L",
        14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
    ]
}
