import CArchive
import FileSystem
import Glibc
import SystemPackage

/// Looks through a base image's layer without unpacking it.
///
/// A root file system has device nodes, hard links and links to absolute paths, all of which `Archive` refuses, rightly,
/// in what users upload. Here names are read, and few small files, and nothing is written. A layer may come from anyone:
/// its members, what is kept of them and what it unpacks to are all limited.
final class BaseLayerListing {
    private static let maximumMembers = 4_000_000
    private static let maximumUnpacked: Int64 = 64 << 30
    /// Paths and texts that are kept, in bytes.
    private static let maximumKept = 32 << 20
    private static let maximumMetadata = 256 << 10
    private static let maximumRecord = 16 << 20

    private let archive: OpaquePointer
    private let path: FilePath
    private let flag: CancellationFlag
    private var layer = BaseLayer()
    /// By the path of the metadata: a later member of the same name replaces an earlier one.
    private var distributions: [String: BaseDistribution] = [:]
    /// By the directory with the `RECORD`.
    private var roots: [String: [String]] = [:]
    private var kept = 0

    static func read(_ layer: FilePath) async throws -> BaseLayer {
        try await withCancellableBlocking { flag in try BaseLayerListing(layer, flag).run() }
    }

    private init(_ path: FilePath, _ flag: CancellationFlag) throws {
        guard let archive = archive_read_new() else { throw FileSystemError("read", path, .noMemory) }
        self.archive = archive
        self.path = path
        self.flag = flag
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_format_tar(archive)
        archive_read_support_format_empty(archive)
        guard path.withPlatformString({ archive_read_open_filename(archive, $0, 1 << 20) }) == ARCHIVE_OK else {
            throw damage()
        }
    }

    deinit { archive_read_free(archive) }

    private func run() throws -> BaseLayer {
        var members = 0
        var unpacked: Int64 = 0
        while let entry = try next() {
            members += 1
            unpacked = unpacked.addingReportingOverflow(max(0, archive_entry_size(entry))).partialValue
            guard members <= Self.maximumMembers, (0...Self.maximumUnpacked).contains(unpacked) else {
                throw damage("it is larger than any layer should be")
            }
            guard let pointer = archive_entry_pathname(entry) else { continue }
            if let name = BaseMember.normalized(String(cString: pointer)) { try take(name, entry) }
            if archive_entry_size(entry) > 64 << 20 { try skip() }
        }
        layer.distributions = distributions.values.map { distribution in
            var distribution = distribution
            distribution.roots = roots[distribution.information]
            return distribution
        }.sorted { $0.metadata < $1.metadata }
        return layer
    }

    private func next() throws -> OpaquePointer? {
        try flag.check()
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        // A warning is about a name that this locale cannot show: not one that is looked for.
        case ARCHIVE_OK, ARCHIVE_WARN: return entry
        case ARCHIVE_EOF: return nil
        default: throw damage()
        }
    }

    /// Skips the rest of a member; the library would by itself, but could not be stopped at it.
    private func skip() throws {
        var bytes: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        while archive_read_data_block(archive, &bytes, &count, &offset) == ARCHIVE_OK { try flag.check() }
    }

    private func take(_ name: String, _ entry: OpaquePointer) throws {
        let type = archive_entry_filetype(entry)
        switch BaseMember(name) {
        case .interpreter:
            layer.interpreters.append(name)
            try keep(name)
        case .environment(let directory):
            guard let text = try text(limit: 4096) else { return }
            layer.environments[directory] = text
            try keep(name, text)
        case .condaPython:
            layer.condaPythons.append(name)
            try keep(name)
        case .metadata where type != S_IFDIR:
            try takeMetadata(name, entry)
        case .record:
            guard let packages = BaseMember.packages(holding: name), let text = try text(limit: Self.maximumRecord)
            else {
                return
            }
            let found = DistributionRoots.roots(of: text, in: packages)
            roots[BaseMember.split(name).parent] = found
            for root in found ?? [] { try keep(root) }
        case .deletion(let target):
            layer.deleted.append(target)
            try keep(target)
        case .opaque(let directory):
            layer.opaque.append(directory)
            try keep(directory)
        default:
            guard type != S_IFDIR, BaseMember.mayReplaceDirectory(name) else { return }
            layer.replaced.append(name)
            try keep(name)
        }
    }

    private func takeMetadata(_ name: String, _ entry: OpaquePointer) throws {
        var identity: (name: String, version: String)?
        if let target = archive_entry_hardlink(entry) {
            // Conda links its environments' files to those in its cache of packages.
            let other = BaseMember.normalized(String(cString: target)).flatMap { distributions[$0] }
            identity = other.map { ($0.name, $0.version) }
        } else {
            identity = try data(limit: Self.maximumMetadata, isPrefix: true).flatMap(BaseDistribution.identity)
        }
        guard let identity else { return }
        distributions[name] = BaseDistribution(name: identity.name, version: identity.version, metadata: name)
        try keep(name, identity.name, identity.version)
    }

    private func keep(_ texts: String...) throws {
        for text in texts { kept += text.utf8.count + 16 }
        guard kept <= Self.maximumKept else { throw damage("it has more distributions than any image should") }
    }

    private func text(limit: Int) throws -> String? {
        try data(limit: limit, isPrefix: false).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The data of the member that was read last; nil where there is more than the limit and the rest counts.
    private func data(limit: Int, isPrefix: Bool) throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: min(limit, 64 << 10))
        var count = 0
        while true {
            try flag.check()
            if count == bytes.count {
                if count >= limit { return isPrefix ? bytes : nil }
                bytes.append(contentsOf: repeatElement(0, count: min(bytes.count, limit - count)))
            }
            let read = bytes.withUnsafeMutableBytes { buffer in
                archive_read_data(archive, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            guard read >= 0 else { throw damage() }
            if read == 0 { return Array(bytes.prefix(count)) }
            count += read
        }
    }

    private func damage(_ reason: String? = nil) -> PythonEnvironmentError {
        let reason = reason ?? archive_error_string(archive).map { String(cString: $0) } ?? "it is unreadable"
        return PythonEnvironmentError(
            .unreadableBase,
            "a layer of the base image cannot be searched for Python: \(reason); name the interpreter in the base's "
                + "label \(BaseInterpreter.label)"
        )
    }
}
