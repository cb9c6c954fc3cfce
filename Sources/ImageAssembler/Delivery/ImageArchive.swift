import Archive
import FileSystem
import FoundationEssentials
import JSON
package import OCI
package import SystemPackage

/// Writes an image into one tar file.
package enum ImageArchive {
    package enum Format: String, Sendable, CaseIterable {
        /// An OCI image layout: `skopeo copy oci-archive:FILE …`, `podman load`.
        case oci
        /// The same with a `manifest.json` beside it, as `docker save` writes it: `docker load`.
        case dockerArchive = "docker-archive"
    }

    /// Writes the archive; it is there whole or not at all. Layers stay compressed as they are.
    ///
    /// - Parameters:
    ///   - names: what `docker load` calls the image: `wine:1`.
    ///   - file: is replaced.
    /// - Throws: ``AssemblerError`` `corruptBlob` when a blob of the source is not what its descriptor says.
    package static func write(
        _ manifest: StoredManifest,
        from source: any ImageSource,
        names: [ImageReference],
        to file: FilePath,
        format: Format
    ) async throws {
        let children = try manifest.children()
        guard manifest.descriptor.mediaType.isManifest else {
            throw AssemblerError(
                .invalidBase,
                "\(manifest.descriptor.digest) is not the manifest of one image; choose a platform"
            )
        }
        let partial = file.removingLastComponent()
            .appending(".\(file.lastComponent?.string ?? "image").\(UInt64.random(in: 0 ... .max))")
        do {
            let archive = try await blocking { try ArchiveFile(partial) }
            try await writeIndex(manifest, children, names: names, format, to: archive)
            try await archive.add(blob: manifest.descriptor, .bytes(Array(manifest.bytes)))
            var seen: Set<Digest> = []
            for child in children where seen.insert(child.digest).inserted {
                try await archive.add(blob: child, source.blob(child))
            }
            try await blocking {
                try archive.finish()
                try partial.rename(to: file)
            }
        } catch {
            try? await blocking { try partial.removeTree() }
            throw error
        }
    }

    private static func writeIndex(
        _ manifest: StoredManifest,
        _ children: [Descriptor],
        names: [ImageReference],
        _ format: Format,
        to archive: ArchiveFile
    ) async throws {
        let entries = (names.isEmpty ? [nil] : names.map(Optional.some)).map { name in
            var entry = manifest.descriptor
            entry.annotations = name.map {
                [OCILayout.nameAnnotation: $0.nameAndTag, "io.containerd.image.name": $0.nameAndTag]
            }
            return entry
        }
        try await archive.add("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        try await archive.add("index.json", Array(CanonicalJSON.encode(ImageIndex(manifests: entries))))
        if format == .dockerArchive {
            let legacy = DockerManifest(
                config: ArchiveFile.path(of: children[0].digest),
                repoTags: names.map(\.nameAndTag),
                layers: children.dropFirst().map { ArchiveFile.path(of: $0.digest) }
            )
            try await archive.add("manifest.json", Array(CanonicalJSON.encode([legacy])))
        }
    }

    /// An element of the `manifest.json` of `docker save`.
    private struct DockerManifest: Encodable {
        var config: String
        var repoTags: [String]
        var layers: [String]

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case repoTags = "RepoTags"
            case layers = "Layers"
        }
    }
}
