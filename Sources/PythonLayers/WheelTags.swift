/// Which wheels an interpreter on a platform can use, best first.
///
/// Source: PEP 425, in the order of the reference implementation (`packaging.tags`).
package struct WheelTags: Sendable {
    private var ranks: [String: Int] = [:]

    package init(python: PythonVersion, platform: TargetPlatform) {
        let platforms = platform.tags
        let interpreter = "cp\(python.digits)"
        var ordered: [String] = []
        func add(_ python: String, _ abi: String, _ platforms: [String]) {
            ordered += platforms.map { "\(python)-\(abi)-\($0)" }
        }
        add(interpreter, interpreter, platforms)
        add(interpreter, "abi3", platforms)
        add(interpreter, "none", platforms)
        // The stable ABI began with 3.2.
        for minor in stride(from: python.minor - 1, through: 2, by: -1) where python.major == 3 {
            add("cp\(python.major)\(minor)", "abi3", platforms)
        }
        let generic =
            ["py\(python.digits)", "py\(python.major)"]
            + stride(from: python.minor - 1, through: 0, by: -1).map { "py\(python.major)\($0)" }
        for name in generic { add(name, "none", platforms) }
        add(interpreter, "none", ["any"])
        for name in generic { add(name, "none", ["any"]) }
        for (rank, tag) in ordered.enumerated() { ranks[tag] = rank }
    }

    /// 0 for the best fit; nil for a wheel that does not run.
    package func rank(of wheel: WheelFileName) -> Int? {
        wheel.tags.compactMap { ranks[$0] }.min()
    }

    /// The wheel that fits best: by tags, then by the higher build tag, then by name.
    func best<Candidate>(of candidates: [Candidate], name: (Candidate) -> WheelFileName) -> Candidate? {
        let ranked = candidates.compactMap { candidate in rank(of: name(candidate)).map { (candidate, $0) } }
        return ranked.min { left, right in
            if left.1 != right.1 { return left.1 < right.1 }
            let (one, other) = (name(left.0), name(right.0))
            if one.build != other.build { return one.build > other.build }
            return one.text < other.text
        }?.0
    }
}
