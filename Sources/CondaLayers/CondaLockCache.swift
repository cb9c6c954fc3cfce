import FileSystem
import FoundationEssentials
import JSON
import PythonLayers
import SystemPackage

/// Remembers what specifications were solved to, so that building again asks no channel.
struct CondaLockCache: Sendable {
    var directory: FilePath
    /// How long a lock is good for.
    var lifetime: Duration
    /// Whether locks are made anew even where one is known.
    var refresh: Bool

    private struct Record: Codable {
        /// Seconds since 1970.
        var solved: Double
        var lock: CondaLock
    }

    static func key(_ request: CondaSolver.Request, solver: String) -> String {
        contentKey(
            ["conda lock 1", solver, request.platform, "channels"] + request.channels.map(Redaction.redact) + ["specs"]
                + request.specs + ["virtual"] + request.virtualPackages
        )
    }

    func lock(for key: String) -> CondaLock? {
        guard !refresh, let bytes = try? path(key).readAll(),
            let record = try? CanonicalJSON.decode(Record.self, from: Data(bytes))
        else { return nil }
        let age = Date().timeIntervalSince1970 - record.solved
        return (0..<Double(lifetime.components.seconds)).contains(age) ? record.lock : nil
    }

    func record(_ lock: CondaLock, for key: String) throws {
        try directory.createDirectories()
        let record = Record(solved: Date().timeIntervalSince1970, lock: lock)
        try path(key).writeAtomically(CanonicalJSON.encode(record))
    }

    private func path(_ key: String) -> FilePath { directory.appending("\(key).json") }
}
