import Archive
import Crypto
import FileSystem
import OCI
import SystemPackage

/// A wheel's tree on disk, as the archive has it.
struct UnpackedWheel: Sendable {
    var name: WheelFileName
    var root: FilePath
    /// Sorted by path.
    var files: [ArchiveMember]
    /// The directory with the wheel's own data, such as `numpy-2.2.0.dist-info`.
    var information: String
    var record: WheelRecord

    /// Files that say what others are, so that no row has their hash.
    private var unhashed: Set<String> {
        Set(["RECORD", "RECORD.jws", "RECORD.p7s"].map { "\(information)/\($0)" })
    }

    /// The directory of files that go elsewhere, such as `numpy-2.2.0.data`.
    var data: String { String(information.dropLast("dist-info".count)) + "data" }

    /// Unpacks a wheel into the cache and verifies it, unless that was done before.
    static func open(_ wheel: FilePath, sha256: String, cache: CacheDirectory) async throws -> UnpackedWheel {
        guard let file = wheel.lastComponent?.string, let name = WheelFileName(file) else {
            throw PythonEnvironmentError(.invalidWheel, "\(wheel.lastComponent?.string ?? "") is no wheel's file name")
        }
        let root = cache.unpacked.appending(sha256)
        try await cache.makeDirectory(at: root) { directory in
            do {
                let members = try await ArchiveExtractor.extract(wheel, into: directory)
                let unpacked = try UnpackedWheel(name: name, root: directory, members: members)
                try await withCancellableBlocking { flag in try unpacked.verify(flag: flag) }
            } catch let error as ArchiveError {
                throw PythonEnvironmentError(.invalidWheel, "the wheel \(file) cannot be unpacked: \(error)")
            }
        }
        return try UnpackedWheel(name: name, root: root, members: try await DirectoryTree.scan(root))
    }

    init(name: WheelFileName, root: FilePath, members: [ArchiveMember]) throws {
        self.name = name
        self.root = root
        if let link = members.first(where: { $0.kind == .symbolicLink }) {
            throw Self.invalid(name, "it holds a symbolic link, \(link.path)")
        }
        files = members.filter { $0.kind == .file }
        let directories = Set(files.compactMap { $0.path.split(separator: "/").first.map(String.init) })
            .filter { $0.hasSuffix(".dist-info") }
        guard directories.count == 1, let information = directories.first else {
            throw Self.invalid(name, "it has \(directories.count) .dist-info directories instead of one")
        }
        guard let dash = information.lastIndex(of: "-"),
            let stem = information[..<dash].lastIndex(of: "-") ?? Optional(dash),
            normalizedName(information[..<stem]) == normalizedName(name.distribution)
        else { throw Self.invalid(name, "its data is in \(information), which is another distribution's") }
        self.information = information
        do {
            record = try WheelRecord(text: Self.text("\(information)/RECORD", in: root))
            try Self.checkVersion(Self.text("\(information)/WHEEL", in: root))
        } catch let error as PythonEnvironmentError {
            throw Self.invalid(name, error.description)
        } catch let error as FileSystemError where error.errno == .noSuchFileOrDirectory {
            throw Self.invalid(name, "it has no \(information)/\(error.path.lastComponent?.string ?? "")")
        }
    }

    private static func invalid(_ name: WheelFileName, _ reason: String) -> PythonEnvironmentError {
        PythonEnvironmentError(.invalidWheel, "the wheel \(name.text) cannot be installed: \(reason)")
    }

    private static func text(_ path: String, in root: FilePath) throws -> String {
        String(decoding: try root.appending(path).readAll(), as: UTF8.self)
    }

    func text(_ file: String) throws -> String { try Self.text("\(information)/\(file)", in: root) }

    func holds(_ file: String) -> Bool { files.contains { $0.path == "\(information)/\(file)" } }

    /// Version 1.x is the only one that there is.
    private static func checkVersion(_ text: String) throws {
        let line = text.split(whereSeparator: \.isNewline).first { $0.lowercased().hasPrefix("wheel-version:") }
        let version = line?.drop { $0 != ":" }.dropFirst().trimmed ?? ""
        guard version.split(separator: ".").first == "1" else {
            throw PythonEnvironmentError(
                .invalidWheel,
                "its format has version \"\(version)\", this program reads 1.x"
            )
        }
    }

    /// Compares every row of `RECORD` with the file it names.
    private func verify(flag: CancellationFlag) throws {
        var sizes: [String: Int64] = [:]
        for file in files { sizes[file.path] = file.size }
        for row in record.rows where !unhashed.contains(row.path) {
            guard let size = sizes[row.path] else { throw mismatch(row.path, "is not in the wheel") }
            if let recorded = row.size, recorded != size {
                throw mismatch(row.path, "has \(size) bytes instead of \(recorded)")
            }
            guard !row.hash.isEmpty else { continue }
            let path = root.appending(row.path)
            let actual: String
            switch row.hash.prefix(while: { $0 != "=" }) {
            case "sha256": actual = try Self.hash("sha256", SHA256(), path, flag)
            case "sha384": actual = try Self.hash("sha384", SHA384(), path, flag)
            case "sha512": actual = try Self.hash("sha512", SHA512(), path, flag)
            default: throw mismatch(row.path, "has a hash of an algorithm that is not allowed there")
            }
            let recorded = row.hash.filter { $0 != "\n" }.reversed().drop { $0 == "=" }.reversed()
            guard String(recorded) == actual else { throw mismatch(row.path, "has other content than its hash says") }
        }
    }

    private func mismatch(_ path: String, _ reason: String) -> PythonEnvironmentError {
        PythonEnvironmentError(
            .recordMismatch,
            "the wheel \(name.text) is damaged: by its RECORD, \(path) \(reason); take another version or tell its makers"
        )
    }

    private static func hash<Function: HashFunction>(
        _ algorithm: String,
        _ function: Function,
        _ path: FilePath,
        _ flag: CancellationFlag
    ) throws -> String {
        var function = function
        try FileHash.forEachBlock(of: path, flag: flag) { function.update(bufferPointer: $0) }
        return WheelRecord.hashField(algorithm, function.finalize())
    }
}
