/// What the headers of a model's weights say of all its tensors together.
package struct TensorFacts: Sendable, Hashable {
    /// Elements, by the name of their type as NumPy writes it, or as GGUF does for its quantized blocks (`Q4_K`).
    package var elements: [String: UInt64] = [:]
    /// What the model calls its architecture: "llama".
    package var architecture: String?
    package var name: String?
    /// How weights are quantized, in GGUF's words: "Q4_K_M".
    package var quantization: String?

    /// Elements of all tensors, nil where there are none.
    package var parameters: UInt64? {
        let total = elements.values.reduce(UInt64(0)) { $0.addingReportingOverflow($1).partialValue }
        return total == 0 ? nil : total
    }

    /// The type that most elements have.
    package var precision: String? {
        elements.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The count as model cards write it, with at most one decimal: "7b", "1.5b", "124m", "900".
    package var parameterSize: String? {
        guard let parameters else { return nil }
        for (unit, letter) in [(1e12, "t"), (1e9, "b"), (1e6, "m"), (1e3, "k")] where Double(parameters) >= unit {
            let tenths = (Double(parameters) / unit * 10).rounded() / 10
            return (tenths == tenths.rounded() ? String(Int64(tenths)) : String(tenths)) + letter
        }
        return String(parameters)
    }

    mutating func add(_ type: String, elements count: UInt64) {
        elements[type] = elements[type, default: 0].addingReportingOverflow(count).partialValue
    }

    mutating func merge(_ other: TensorFacts) {
        for (type, count) in other.elements { add(type, elements: count) }
        architecture = architecture ?? other.architecture
        name = name ?? other.name
        quantization = quantization ?? other.quantization
    }

    /// The number of elements of a tensor; nil where it has no possible one.
    static func count(_ shape: some Sequence<UInt64>) -> UInt64? {
        var count: UInt64 = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }
}
