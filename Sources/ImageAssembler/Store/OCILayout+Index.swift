import FileSystem
import FoundationEssentials
import JSON
package import OCI

extension OCILayout {
    static let nameAnnotation = "org.opencontainers.image.ref.name"

    /// All named images, sorted by name.
    package func images() async throws -> [NamedImage] {
        try await blocking {
            try namedImages().sorted { ($0.name, $0.descriptor.digest) < ($1.name, $1.descriptor.digest) }
        }
    }

    /// The manifest or index under a full name, exactly as it is stored in the index.
    package func descriptor(named name: String) async throws -> Descriptor? {
        try await blocking { try namedImages().last { $0.name == name }?.descriptor }
    }

    /// Gives a name to a manifest; another manifest that had the name loses it.
    package func setName(_ name: String, to manifest: Descriptor) async throws {
        var named = manifest
        named.annotations = (manifest.annotations ?? [:]).merging([Self.nameAnnotation: name]) { _, new in new }
        let entry = try JSONValue(encoding: named)
        try await updateManifests { manifests in
            manifests.removeAll { Self.name(of: $0) == name }
            manifests.append(entry)
        }
    }

    /// Removes a name. Its blobs stay: other images and the layer index may know them.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    package func removeName(_ name: String) async throws -> Bool {
        try await updateManifests { manifests in
            let count = manifests.count
            manifests.removeAll { Self.name(of: $0) == name }
            return manifests.count < count
        }
    }

    /// Every manifest and index that the index lists, named or not.
    ///
    /// - Throws: ``AssemblerError`` `notALayout` for an entry that cannot be read.
    package func manifestDescriptors() async throws -> [Descriptor] {
        try await blocking {
            try manifests().map { entry in
                guard let descriptor = try? entry.decode(as: Descriptor.self) else {
                    throw AssemblerError(.notALayout, "\(indexFile) has an entry that is no descriptor")
                }
                return descriptor
            }
        }
    }

    func namedImages() throws -> [NamedImage] {
        try manifests().compactMap { entry in
            guard let name = Self.name(of: entry), let descriptor = try? entry.decode(as: Descriptor.self) else {
                return nil
            }
            return NamedImage(name: name, descriptor: descriptor)
        }
    }

    /// The media type that the index gives for a digest.
    func mediaType(of digest: Digest) throws -> MediaType? {
        let entry = try manifests().first { $0["digest"]?.stringValue == digest.description }
        return entry?["mediaType"]?.stringValue.map(MediaType.init(rawValue:))
    }

    func writeIndex(_ index: JSONValue) throws {
        try indexFile.writeAtomically(CanonicalJSON.encode(index))
    }

    private func manifests() throws -> [JSONValue] { try readIndex()["manifests"]?.arrayValue ?? [] }

    private func readIndex() throws -> JSONValue {
        do {
            return try CanonicalJSON.decode(from: Data(indexFile.readAll(limit: 256 << 20)))
        } catch let error as DecodingError {
            throw AssemblerError(.notALayout, "\(indexFile) is no image index: \(error)")
        }
    }

    /// Reads, changes and replaces the index while no other process does. What is not understood is kept.
    private func updateManifests<Value: Sendable>(
        _ change: @escaping @Sendable (inout [JSONValue]) throws -> Value
    ) async throws -> Value {
        try await blocking {
            let lock = try FileLock(waitingFor: lockFile)
            var index = try readIndex().objectValue ?? [:]
            var manifests = index["manifests"]?.arrayValue ?? []
            let value = try change(&manifests)
            index["manifests"] = .array(manifests)
            try writeIndex(.object(index))
            _ = consume lock
            return value
        }
    }

    private static func name(of entry: JSONValue) -> String? { entry["annotations"]?[nameAnnotation]?.stringValue }
}
