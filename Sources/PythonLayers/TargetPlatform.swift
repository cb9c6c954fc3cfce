package import OCI

/// What extension modules in a base image are made for: processor and C library.
package struct TargetPlatform: Sendable, Hashable, Codable, CustomStringConvertible {
    package enum CLibrary: Sendable, Hashable, Codable {
        /// The newest `2.minor` of the GNU C library that may be counted on.
        case glibc(minor: Int)
        /// The newest `1.minor` of musl that may be counted on.
        case musl(minor: Int)
    }

    /// In the words of `uname -m`, such as `x86_64`.
    package var machine: String
    package var library: CLibrary

    package init(machine: String, library: CLibrary) {
        self.machine = machine
        self.library = library
    }

    /// The label by which a base says its C library, such as `2.36`; 2.28 is counted on without it.
    package static let glibcLabel = "io.packager.glibc"

    /// Reads the platform from a base's configuration.
    ///
    /// A configuration does not name the C library: a history of `apk` commands means Alpine and so musl.
    package init(of configuration: ImageConfiguration) throws(PythonEnvironmentError) {
        switch (configuration.os, configuration.architecture) {
        case ("linux", "amd64"): machine = "x86_64"
        case ("linux", "arm64"): machine = "aarch64"
        default:
            throw PythonEnvironmentError(
                .unsupportedPlatform,
                "the base image is for \(configuration.platform), for which no Python wheels can be chosen; "
                    + "take a base for linux/amd64 or linux/arm64"
            )
        }
        let usesAPK = (configuration.history ?? []).contains { entry in
            entry.createdBy.map { $0.firstRange(of: "apk add") != nil || $0.firstRange(of: "apk upgrade") != nil }
                ?? false
        }
        if usesAPK {
            library = .musl(minor: 2)
        } else {
            let named = configuration.config?.labels?[Self.glibcLabel].flatMap { PythonVersion($0) }
            library = .glibc(minor: named.flatMap { $0.major == 2 && $0.minor >= 17 ? $0.minor : nil } ?? 28)
        }
    }

    /// What `uv --python-platform` calls it.
    var triple: String {
        switch library {
        case .glibc(let minor) where minor < 28: "\(machine)-manylinux_2_17"
        // uv knows 2.28 and then every version from 2.31 to 2.40.
        case .glibc(let minor) where minor < 31: "\(machine)-manylinux_2_28"
        case .glibc(let minor): "\(machine)-manylinux_2_\(min(minor, 40))"
        case .musl: "\(machine)-unknown-linux-musl"
        }
    }

    /// Platform tags that run here, best first. Source: PEP 600 (with the older aliases) and PEP 656.
    var tags: [String] {
        var tags: [String] = []
        switch library {
        case .glibc(let newest):
            let oldest = machine == "x86_64" ? 5 : 17
            let aliases = [17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"]
            for minor in stride(from: newest, through: oldest, by: -1) {
                tags.append("manylinux_2_\(minor)_\(machine)")
                if let alias = aliases[minor] { tags.append("\(alias)_\(machine)") }
            }
        case .musl(let newest):
            for minor in stride(from: newest, through: 0, by: -1) { tags.append("musllinux_1_\(minor)_\(machine)") }
        }
        return tags + ["linux_\(machine)"]
    }

    /// Whether code that is compiled on this machine runs there.
    var isHost: Bool {
        let host = Platform.host.architecture == "arm64" ? "aarch64" : "x86_64"
        if case .glibc = library { return machine == host }
        return false
    }

    package var description: String {
        switch library {
        case .glibc(let minor): "linux \(machine) with glibc 2.\(minor)"
        case .musl(let minor): "linux \(machine) with musl 1.\(minor)"
        }
    }
}
