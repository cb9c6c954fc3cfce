import Crypto
import FileSystem
import FoundationEssentials
import JSON
import SystemPackage

/// Remembers what requirements resolved to, so that building again asks no index.
///
/// A lock in which a requirement pins every package (`==`) cannot come out otherwise and is kept for ever. Any other is
/// resolved again when it is older than ``lifetime``.
struct LockCache: Sendable {
    var directory: FilePath
    /// How long a lock with an unpinned package is good for.
    var lifetime: Duration
    /// Whether locks are made anew even where one is known.
    var refresh: Bool

    private struct Record: Codable {
        /// Seconds since 1970.
        var resolved: Double
        var pinned: Bool
        var lock: Lock
    }

    static func key(
        _ environment: PythonEnvironment,
        python: PythonVersion,
        platform: TargetPlatform,
        indexes: PackageIndexes,
        resolverVersion: String,
        preferences: [String: String] = [:]
    ) -> String {
        contentKey(
            ["lock 1", python.description, platform.triple, resolverVersion] + indexes.identity + ["requirements"]
                + environment.requirements + ["constraints"] + environment.constraints
                + (preferences.isEmpty ? [] : ["preferences"])
                + preferences.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        )
    }

    func lock(for key: String) -> Lock? {
        guard !refresh, let bytes = try? path(key).readAll(),
            let record = try? CanonicalJSON.decode(Record.self, from: Data(bytes))
        else { return nil }
        let age = Date().timeIntervalSince1970 - record.resolved
        guard record.pinned || (0..<Double(lifetime.components.seconds)).contains(age) else { return nil }
        return record.lock
    }

    func record(_ lock: Lock, requirements: [String], for key: String) throws {
        let pinned = Set(requirements.compactMap(Self.pinnedName))
        let record = Record(
            resolved: Date().timeIntervalSince1970,
            pinned: lock.packages.allSatisfy { pinned.contains($0.name) },
            lock: lock
        )
        try directory.createDirectories()
        try path(key).writeAtomically(CanonicalJSON.encode(record))
    }

    /// The name in `name[extra]==1.2.3`; nil for a requirement that leaves the version open.
    static func pinnedName(_ requirement: String) -> String? {
        let specifier = requirement.prefix { $0 != ";" }
        guard let equals = specifier.firstRange(of: "=="), !specifier.contains("*"), !specifier.contains(","),
            !specifier.contains("@")
        else { return nil }
        let name = specifier[..<equals.lowerBound].prefix { $0 != "[" }.trimmed
        return name.isEmpty || name.contains(where: { "<>~!".contains($0) }) ? nil : normalizedName(name)
    }

    private func path(_ key: String) -> FilePath { directory.appending("\(key).json") }
}

/// The SHA-256, in hexadecimal, of a list of texts.
package func contentKey(_ parts: [String]) -> String {
    var hasher = SHA256()
    for part in parts {
        let bytes = Array(part.utf8)
        // Lengths keep ["ab", "c"] and ["a", "bc"] apart.
        hasher.update(data: Array("\(bytes.count):".utf8) + bytes)
    }
    return hexadecimal(hasher.finalize())
}

package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
