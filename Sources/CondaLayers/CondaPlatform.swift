import OCI
import PythonLayers

/// What packages are chosen for.
struct CondaPlatform: Sendable, Hashable {
    /// `linux-64`: the directory of a channel.
    var subdirectory: String
    /// `__glibc=2.28`: what a base has that no package brings.
    var virtualPackages: [String]

    init(of configuration: ImageConfiguration) throws {
        let platform = try TargetPlatform(of: configuration)
        guard case .glibc(let minor) = platform.library else {
            throw CondaError(
                .unsupportedPlatform,
                "the base image has musl as its C library, and Conda's packages are made for glibc; take a base of "
                    + "Debian, Ubuntu or Red Hat"
            )
        }
        subdirectory = platform.machine == "x86_64" ? "linux-64" : "linux-\(platform.machine)"
        virtualPackages = [
            "__archspec=1=\(platform.machine)", "__glibc=2.\(minor)", "__linux=5.10", "__unix=0",
        ]
    }
}
