/// Forests that Triton's FIL backend reads: XGBoost, LightGBM and treelite. Their files declare how many features they
/// take (the trait `features`) and, of classifiers, how many classes they know (`classes`), not tensors. XGBoost's may
/// predict several targets at once (`targets`).
enum TreeModel {
    static func format(_ head: [UInt8], name: String) -> ModelFormat? {
        if head.starts(with: "tree\nversion=".utf8) || head.starts(with: "tree\r\nversion=".utf8) { return .lightgbm }
        if head.starts(with: "binf".utf8) { return .xgboost }
        if head.starts(with: [UInt8(ascii: "{"), UInt8(ascii: "L"), 0, 0, 0, 0, 0, 0, 0, 7] + Array("learner".utf8)) {
            return .xgboost
        }
        let text = head.filter { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        if text.starts(with: "{\"learner\":{".utf8) { return .xgboost }
        // Three 32-bit numbers: the version that wrote it.
        if name.hasSuffix(".tl"), head.count >= 12, (3...9).contains(head[0]), head[1...3].allSatisfy({ $0 == 0 }) {
            return .treelite
        }
        return nil
    }

    static func header(_ file: BlockFile, _ format: ModelFormat) throws -> ModelHeader {
        var header = ModelHeader(problem: "the file declares no tensors")
        switch format {
        case .lightgbm:
            let lines = String(decoding: try file.head(4096), as: UTF8.self).split(whereSeparator: \.isNewline)
            func number(_ key: String) -> Int? {
                lines.first { $0.hasPrefix(key + "=") }.flatMap { Int($0.dropFirst(key.count + 1)) }
            }
            if let last = number("max_feature_idx"), (0..<Int.max).contains(last) {
                header.traits["features"] = last + 1
            }
            let objective = lines.first { $0.hasPrefix("objective=") }?.dropFirst("objective=".count) ?? ""
            header.traits["classes"] = classes(objective, number("num_class"))
        case .xgboost:
            // The learner's own numbers follow the trees.
            let tail = try file.tail(64 << 10)
            header.traits["features"] = number("num_feature", in: tail)
            let objective = text("name", in: tail) ?? ""
            header.traits["classes"] = classes(objective[...], number("num_class", in: tail))
            if let targets = number("num_target", in: tail), targets > 1 { header.traits["targets"] = targets }
        default: break
        }
        return header
    }

    /// Of two classes in a binary objective, as many as declared in the others of classes; nil for anything else. What
    /// gives raw scores only, such as `binary:logitraw`, gives no class.
    private static func classes(_ objective: Substring, _ declared: Int?) -> Int? {
        let name = objective.prefix { $0 != " " }
        if ["binary", "cross_entropy", "binary:logistic", "binary:hinge"].contains(name) { return 2 }
        return name.hasPrefix("multi") ? declared : nil
    }

    static func number(_ key: String, in bytes: [UInt8]) -> Int? { text(key, in: bytes).flatMap { Int($0) } }

    /// The last value of a key that XGBoost writes as text, in JSON (`"key":"13"`) and UBJSON (`key` `SL` length `13`).
    private static func text(_ key: String, in bytes: [UInt8]) -> String? {
        let key = Array(key.utf8)
        guard bytes.count > key.count else { return nil }
        for start in stride(from: bytes.count - key.count, through: 0, by: -1)
        where bytes[start...].starts(with: key) {
            let value = bytes[(start + key.count)...].prefix(64)
            // At most a quote, colon and quote, or two markers and eight bytes of length, go before the text.
            let text = value.dropFirst(value.starts(with: "SL".utf8) ? 10 : 0)
                .drop { [0x22, 0x3a, 0x20].contains($0) }
                .prefix { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x3a || $0 == 0x5f }
            if !text.isEmpty { return String(decoding: text, as: UTF8.self) }
        }
        return nil
    }
}
