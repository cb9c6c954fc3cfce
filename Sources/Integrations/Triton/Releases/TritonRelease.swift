/// A release of the server's images by year and month, such as 24.10; ordered.
struct TritonRelease: Sendable, Hashable, Comparable, CustomStringConvertible {
    var year: Int
    var month: Int

    /// Reads `24.10` and the start of `24.10-py3`; nil for anything else.
    init?(_ tag: some StringProtocol) {
        let parts = tag.prefix { $0 != "-" }.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let year = Int(parts[0]),
            let month = Int(parts[1]),
            (18...99).contains(year), (1...12).contains(month)
        else { return nil }
        self.year = year
        self.month = month
    }

    private init(year: Int, month: Int) {
        self.year = year
        self.month = month
    }

    static func < (one: Self, other: Self) -> Bool { (one.year, one.month) < (other.year, other.month) }

    var description: String { "\(year).\(month < 10 ? "0" : "")\(month)" }

    /// The month before.
    var previous: TritonRelease { adding(months: -1) }

    func adding(months: Int) -> TritonRelease {
        let count = year * 12 + month - 1 + months
        return TritonRelease(year: count / 12, month: count % 12 + 1)
    }
}
