import FileSystem
package import SystemPackage

/// Where each part of the state is, below the data directory.
package struct StateDirectory: Sendable, Hashable {
    package var path: FilePath

    package init(_ path: FilePath) { self.path = path }

    package var database: FilePath { path.appending("packager.db") }
    package var secretKey: FilePath { path.appending("secret.key") }
    /// An OCI image layout.
    package var store: FilePath { path.appending("store") }
    package var artifacts: FilePath { path.appending("artifacts") }
    package var logs: FilePath { path.appending("logs") }
    /// What can be had again: wheels, interpreters.
    package var cache: FilePath { path.appending("cache") }
    func log(of id: String, attempt: Int) -> FilePath { logs.appending(id).appending("\(attempt).log") }
    /// Scratch space of running jobs.
    package var work: FilePath { path.appending("work") }
    /// What containers are made of, and the state of the program that runs them.
    package var containers: FilePath { work.appending("containers") }
    /// Held while the database is opened and migrated.
    var lock: FilePath { path.appending("packager.lock") }
}

extension StateDirectory {
    /// A name that no other data directory has, here or elsewhere: drawn once, and kept.
    package func instance() throws -> String {
        let file = path.appending("instance")
        if let known = try? file.readAll(limit: 1024) { return String(decoding: known, as: UTF8.self) }
        try path.createDirectories()
        let drawn = (0..<2).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined()
        try file.writeAtomically(drawn.utf8)
        return drawn
    }
}
