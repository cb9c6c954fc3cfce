package import SystemPackage

/// What the service is told at its start; only the data directory has no default.
package struct PackagerConfiguration: Sendable, Hashable {
    /// How layers are compressed: see the assembler's settings of the same names.
    package enum Compression: String, Sendable, Hashable, CaseIterable {
        case fast, small, none
    }

    /// Where Python packages come from.
    package struct PythonIndex: Sendable, Hashable {
        /// Replaces PyPI. May hold credentials: it never enters a log.
        package var indexURL: String?
        package var extraIndexURLs: [String]

        package init(indexURL: String? = nil, extraIndexURLs: [String] = []) {
            self.indexURL = indexURL
            self.extraIndexURLs = extraIndexURLs
        }
    }

    /// What an artifact may unpack to.
    package struct Limits: Sendable, Hashable {
        package var maximumEntries: Int
        /// Bytes.
        package var maximumUnpackedSize: Int64

        package init(maximumEntries: Int = 1_000_000, maximumUnpackedSize: Int64 = 1 << 40) {
            self.maximumEntries = maximumEntries
            self.maximumUnpackedSize = maximumUnpackedSize
        }
    }

    /// Holds all state: see ``StateDirectory``.
    package var data: FilePath
    /// `host:port` under which clients reach the store's images; part of their references.
    package var publicHost: String
    /// Jobs that run at once in this process.
    package var workers = 2
    /// After this many seconds without renewal a job's worker counts as dead.
    package var leaseSeconds = 30.0
    /// How long running jobs may go on after SIGTERM, in seconds.
    package var graceSeconds = 20.0
    package var pythonIndex = PythonIndex()
    package var compression = Compression.fast
    /// Whether wheels get a layer of byte code.
    package var bytecode = true
    /// Taken in place of an integration's own default base image.
    package var defaultBase: String?
    /// Directories outside the data directory that `file` connections may point into.
    package var fileRoots: [FilePath] = []
    package var limits = Limits()

    package init(data: FilePath, publicHost: String = "127.0.0.1:5080") {
        self.data = data
        self.publicHost = publicHost
    }

    package var directory: StateDirectory { StateDirectory(data) }
}
