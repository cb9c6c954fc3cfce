/// What dpkg says is installed. Source: deb822(5), `/var/lib/dpkg/status`.
struct DebianPackages: Sendable {
    struct Python: Sendable, Hashable {
        /// `3.11.2`
        var version: String
        /// `/usr/bin/python3.11`
        var interpreter: String
    }

    private var versions: [String: String] = [:]

    init(status: [UInt8]) {
        var package = ""
        for line in String(decoding: status, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("Package: ") { package = String(line.dropFirst(9)) }
            if line.hasPrefix("Version: ") { versions[package] = Self.upstream(line.dropFirst(9)) }
        }
    }

    /// `2.36`
    var glibc: String? { versions["libc6"] }

    /// - Throws: ``BaseError`` `noPython`.
    func python(of suite: String) throws -> Python {
        let minor = versions.keys.compactMap { name in
            name.hasPrefix("python3.") ? Int(name.dropFirst("python3.".count)) : nil
        }.max()
        guard let minor, let version = versions["python3.\(minor)"] else {
            throw BaseError(.noPython, "Debian's \(suite) has no package python3.N; choose another suite")
        }
        return Python(version: version, interpreter: "/usr/bin/python3.\(minor)")
    }

    /// `1:3.11.2-6+deb12u6` → `3.11.2`
    private static func upstream(_ version: Substring) -> String {
        let withoutEpoch = version.split(separator: ":", maxSplits: 1).last ?? version
        return String(withoutEpoch.prefix { $0 != "-" && $0 != "+" })
    }
}
