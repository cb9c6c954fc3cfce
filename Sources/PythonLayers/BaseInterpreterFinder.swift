import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import SystemPackage

/// Finds the interpreter of a base image: in its configuration, else in the names of its layers' members.
struct BaseInterpreterFinder {
    var cache: CacheDirectory

    /// - Parameter wanted: the minor version the base has to have; nil takes what is there.
    /// - Throws: ``PythonEnvironmentError`` `baseWithoutPython` or `pythonVersionMismatch`.
    func interpreter(of base: BaseImage, wanted: PythonVersion?) async throws -> BaseInterpreter {
        if let declared = BaseInterpreter.declared(in: base.configuration) {
            return try choose(from: [declared], base: base, wanted: wanted)
        }
        let record = cache.interpreters.appending(
            contentKey(["interpreters 1", "\(base.manifest.config.digest)", wanted?.description ?? ""]) + ".json"
        )
        if let bytes = try? record.readAll(),
            let known = try? CanonicalJSON.decode([BaseInterpreter].self, from: Data(bytes))
        {
            return try choose(from: known, base: base, wanted: wanted)
        }
        let found = try await scan(base, wanted: wanted)
        try record.removingLastComponent().createDirectories()
        try record.writeAtomically(CanonicalJSON.encode(found))
        return try choose(from: found, base: base, wanted: wanted)
    }

    private func choose(from found: [BaseInterpreter], base: BaseImage, wanted: PythonVersion?) throws
        -> BaseInterpreter
    {
        // The official images' own, in /usr/local, goes before the distribution's.
        let ordered = found.sorted { ($0.home, $0.version.minor) > ($1.home, $1.version.minor) }
        if let match = ordered.first(where: { wanted == nil || $0.version == wanted }) { return match }
        let advice =
            "take a base with Python \(wanted?.description ?? "3"), such as python:\(wanted?.description ?? "3.12")-slim"
        guard let other = ordered.first else {
            throw PythonEnvironmentError(
                .baseWithoutPython,
                "the base image \(base.reference) has no Python in /usr/bin or /usr/local/bin; \(advice), or one that "
                    + "names its interpreter in the label \(BaseInterpreter.label)"
            )
        }
        throw PythonEnvironmentError(
            .pythonVersionMismatch,
            "the base image \(base.reference) has Python \(other.version), but the model needs Python "
                + "\(wanted?.description ?? ""); \(advice)"
        )
    }

    /// Reads the names in the layers, lowest first, up to the first layer with the wanted interpreter.
    private func scan(_ base: BaseImage, wanted: PythonVersion?) async throws -> [BaseInterpreter] {
        var found: [BaseInterpreter] = []
        for layer in base.manifest.layers {
            try Task.checkCancellation()
            found += try await interpreters(in: layer, of: base)
            if found.contains(where: { wanted == nil || $0.version == wanted }) { break }
        }
        return found
    }

    private func interpreters(in layer: Descriptor, of base: BaseImage) async throws -> [BaseInterpreter] {
        switch try await base.source.blob(layer) {
        case .file(let path): return try await TarListing.interpreters(in: path)
        case .bytes(let bytes):
            return try await withTemporaryDirectory(in: cache.unfinished) { directory in
                let file = directory.appending("layer")
                try await blocking { try file.writeAtomically(bytes) }
                return try await TarListing.interpreters(in: file)
            }
        case .stream(let chunks):
            return try await withTemporaryDirectory(in: cache.unfinished) { directory in
                let file = directory.appending("layer")
                try await write(chunks, of: layer, to: file)
                return try await TarListing.interpreters(in: file)
            }
        }
    }

    private func write(
        _ chunks: any AsyncSequence<[UInt8], any Error> & Sendable,
        of layer: Descriptor,
        to path: FilePath
    ) async throws {
        let file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite
        )
        defer { try? file.close() }
        var hash = FileHash()
        for try await chunk in chunks {
            hash.update(chunk)
            try await blocking { try naming("write", path) { _ = try file.writeAll(chunk) } }
        }
        guard hash.digest() == layer.digest else {
            throw BlobError(layer.digest, "arrived with other content than its digest says")
        }
    }
}
