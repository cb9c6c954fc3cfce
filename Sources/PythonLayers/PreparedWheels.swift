import Concurrency
import FileSystem
import FoundationEssentials
import JSON
import SystemPackage

/// What has to be known of a set of wheels before their layers are planned.
struct PreparedWheels: Sendable, Codable {
    struct Row: Sendable, Codable {
        /// Bytes of the wheel's file.
        var size: Int64
        /// Whether it has sources to compile.
        var hasModules: Bool
    }

    /// By the wheel's SHA-256.
    var rows: [String: Row]

    /// Looks the set up, or else downloads and unpacks its wheels and checks that they can lie in one environment.
    static func prepare(
        _ wheels: [ChosenWheel],
        python: PythonVersion,
        prefix: String,
        store: WheelStore
    ) async throws -> PreparedWheels {
        let record = record(of: wheels, python: python, prefix: prefix, in: store.cache)
        if let known = known(at: record) { return known }
        let sizes = try await wheels.concurrentMap(limit: 6) { wheel in
            try FileIdentity(of: try await store.file(wheel.file, of: wheel.package)).size
        }
        // The largest first: at the end, the others would wait for it.
        let largestFirst = zip(wheels, sizes).sorted { $0.1 > $1.1 }
        let installations = try await largestFirst.map(\.0).concurrentMap(limit: 6) { wheel in
            try await store.installation(of: wheel, python: python, prefix: prefix)
        }
        try checkCollisions(installations)
        var prepared = PreparedWheels(rows: [:])
        for ((wheel, size), installation) in zip(largestFirst, installations) {
            let hasModules = installation.files.contains { ByteCodeCompiler.compiles($0.path) }
            prepared.rows[wheel.file.sha256] = Row(size: size, hasModules: hasModules)
        }
        try record.removingLastComponent().createDirectories()
        try record.writeAtomically(CanonicalJSON.encode(prepared))
        return prepared
    }

    /// Where what was found out of a set of wheels is kept.
    static func record(
        of wheels: [ChosenWheel],
        python: PythonVersion,
        prefix: String,
        in cache: CacheDirectory
    ) -> FilePath {
        let key = contentKey(["environment 2", "\(python)", prefix] + wheels.map(\.file.sha256))
        return cache.environments.appending("\(key).json")
    }

    /// Nil for a set that was not prepared before.
    static func known(at record: FilePath) -> PreparedWheels? {
        guard let bytes = try? record.readAll() else { return nil }
        return try? CanonicalJSON.decode(PreparedWheels.self, from: Data(bytes))
    }

    /// Two wheels may hold the same file, as parts of a namespace do, but not different ones under one name: which of
    /// them were there would be chance.
    static func checkCollisions(_ installations: [WheelInstallation]) throws {
        var owners: [String: (file: WheelInstallation.File, wheel: String)] = [:]
        for installation in installations {
            for file in installation.files {
                guard let other = owners[file.path] else {
                    owners[file.path] = (file, installation.wheel.text)
                    continue
                }
                guard other.file.hash == file.hash, other.file.size == file.size else {
                    throw collision(other.wheel, installation.wheel.text, file.path)
                }
            }
        }
        var checked: Set<Substring> = []
        for (path, owner) in owners {
            var rest = path[...]
            while let slash = rest.lastIndex(of: "/") {
                rest = rest[..<slash]
                guard checked.insert(rest).inserted else { break }
                if let file = owners[String(rest)] { throw collision(file.wheel, owner.wheel, String(rest)) }
            }
        }
    }

    private static func collision(_ one: String, _ other: String, _ path: String) -> PythonEnvironmentError {
        PythonEnvironmentError(
            .fileCollision,
            "\(one) and \(other) both install \(path), with different content; require only one of them"
        )
    }
}

extension WheelStore {
    /// Where the wheel's files go; downloads and unpacks it unless that was done before.
    func installation(of wheel: ChosenWheel, python: PythonVersion, prefix: String) async throws -> WheelInstallation {
        let path = try await file(wheel.file, of: wheel.package)
        let unpacked = try await UnpackedWheel.open(path, sha256: wheel.file.sha256, cache: cache)
        return try await blocking { try WheelInstallation(of: unpacked, python: python, prefix: prefix) }
    }
}
