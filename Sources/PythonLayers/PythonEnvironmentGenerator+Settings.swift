import FoundationEssentials
package import SystemPackage

extension PythonEnvironmentGenerator {
    /// How environments are made; the same for all that one generator makes.
    package struct Settings: Sendable, Hashable {
        package enum ByteCode: String, Sendable, Hashable, Codable {
            /// Where an interpreter of the environment's minor version is on this machine.
            case auto
            case off
        }

        /// For wheels, locks and unpacked trees.
        package var cacheDirectory: FilePath
        /// What uv's variables say, unless it is set.
        package var indexes = PackageIndexes(environment: ProcessInfo.processInfo.environment)
        /// The `uv` program; nil looks for it.
        package var uv: FilePath?
        package var byteCode = ByteCode.auto
        /// Resolves anew even where a lock is known.
        package var refresh = false
        /// How long a lock with an unpinned package is good for.
        package var lockLifetime = Duration.seconds(86_400)
        /// Bytes of a base's layers that may be read to look for its packages; those that were read before do not count.
        package var baseLimit: Int64 = 4 << 30
        /// Where the environment is in the image, absolute.
        package var prefix = PythonEnvironment.prefix

        package init(cacheDirectory: FilePath) { self.cacheDirectory = cacheDirectory }
    }
}
