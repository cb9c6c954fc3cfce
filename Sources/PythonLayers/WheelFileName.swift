/// The parts of a wheel's file name. Source: the binary distribution format (PEP 427), "File name convention".
package struct WheelFileName: Sendable, Hashable {
    package var text: String
    package var distribution: String
    package var version: String
    /// Number and rest of the build tag, which breaks ties; the higher is the better.
    var build: (number: Int, rest: String) { Self.split(buildTag) }
    var buildTag: String
    /// Every `python-abi-platform` combination that the compressed tags stand for.
    var tags: [String]

    package init?(_ text: String) {
        guard text.hasSuffix(".whl"), !text.contains("/") else { return nil }
        let parts = text.dropLast(4).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard (5...6).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.text = text
        distribution = parts[0]
        version = parts[1]
        buildTag = parts.count == 6 ? parts[2] : ""
        guard buildTag.isEmpty || buildTag.first?.isNumber == true else { return nil }
        tags = parts[parts.count - 3].split(separator: ".").flatMap { python in
            parts[parts.count - 2].split(separator: ".").flatMap { abi in
                parts[parts.count - 1].split(separator: ".").map { "\(python)-\(abi)-\($0)" }
            }
        }
    }

    private static func split(_ tag: String) -> (Int, String) {
        let digits = tag.prefix(while: \.isNumber)
        return (Int(digits) ?? -1, String(tag.dropFirst(digits.count)))
    }
}

/// The one spelling of a distribution's name. Source: PEP 503, "Normalized names".
package func normalizedName(_ name: some StringProtocol) -> String {
    name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
}
