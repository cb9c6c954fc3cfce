extension BinaryInteger {
    /// "1 layer", "2 layers".
    package func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
