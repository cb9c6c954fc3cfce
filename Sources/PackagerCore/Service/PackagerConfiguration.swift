package import Archive
package import SystemPackage

/// What the service is told at its start; only the data directory has no default.
package struct PackagerConfiguration: Sendable, Hashable {
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
    /// Directories outside the data directory that `file` connections may point into.
    package var fileRoots: [FilePath] = []
    /// The connection that artifacts are read from where a packaging names none; "" for none.
    package var outputConnection = BuiltInConnection.artifacts
    /// The node selectors that packagings may have. There are no nodes here: with none of these any selector is as good.
    package var nodePools: [[String: String]] = []
    /// How images may be built.
    package var builders = BuilderPolicy()
    /// How long an answer about an artifact waits for what is in it, in seconds.
    package var inspectionSeconds = 0.5
    /// Whether integrations may bring images of their own.
    package var customPackagers = CustomPackagerPolicy()
    /// What an artifact may unpack to.
    package var limits = ArchiveLimits()

    package init(data: FilePath, publicHost: String = "127.0.0.1:5080") {
        self.data = data
        self.publicHost = publicHost
    }

    package var directory: StateDirectory { StateDirectory(data) }
}
