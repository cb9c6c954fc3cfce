/// A minor version of CPython, such as 3.11: what byte code, extension modules and paths depend on.
package struct PythonVersion: Sendable, Hashable, Codable, CustomStringConvertible {
    package var major: Int
    package var minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads the first two numbers of `3.11`, `3.11.9` or `3.13.0rc1`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let major = Int(parts[0]), (2...9).contains(major),
            let minor = Int(parts[1]), (0...99).contains(minor), parts.dropFirst(2).allSatisfy({ !$0.isEmpty })
        else { return nil }
        self.init(major, minor)
    }

    package var description: String { "\(major).\(minor)" }
    /// `311`: how tags and byte code files name it.
    var digits: String { "\(major)\(minor)" }
    /// `lib/python3.11/site-packages`, from the environment's root.
    package var sitePackages: String { "lib/python\(self)/site-packages" }
}
