import FileSystem
import FoundationEssentials
import JSON
package import OCI

/// One repository of a layout on disk. All repositories of a layout share its blobs.
package struct LayoutRepository: ImageSource, ImageDestination {
    package let layout: OCILayout
    /// `repository` or `host/repository`; nil when the names in the index are the tags.
    package let name: String?

    package var origin: ImageOrigin { .layout(layout.root) }

    package func manifest(_ selector: ManifestSelector) async throws -> StoredManifest {
        switch selector {
        case .digest(let digest):
            let mediaType = try await blocking { try layout.mediaType(of: digest) }
            return try await manifest(digest, mediaType)
        case .tag(let tag):
            for candidate in names(for: tag) {
                guard let descriptor = try await layout.descriptor(named: candidate) else { continue }
                return try await manifest(descriptor.digest, descriptor.mediaType)
            }
            throw AssemblerError(.imageNotFound, "there is no image \(names(for: tag)[0]) in the store \(layout.root)")
        }
    }

    /// Whether there is a manifest or index under a tag or digest.
    package func contains(_ selector: ManifestSelector) async throws -> Bool {
        switch selector {
        case .digest(let digest): return layout.path(of: digest).exists
        case .tag(let tag):
            for candidate in names(for: tag) where try await layout.descriptor(named: candidate) != nil { return true }
            return false
        }
    }

    package func blob(_ descriptor: Descriptor) async throws -> BlobContent {
        guard try await layout.contains(descriptor) else {
            throw AssemblerError(
                .blobMissing,
                "the store \(layout.root) does not have the whole blob \(descriptor.digest); package or pull the image again"
            )
        }
        return .file(layout.path(of: descriptor.digest))
    }

    package func contains(_ blob: Descriptor) async throws -> Bool { try await layout.contains(blob) }

    /// True when the blob is here already: the repositories of a layout share their blobs.
    package func mount(_ blob: Descriptor, from origin: ImageOrigin) async throws -> Bool {
        origin == self.origin ? try await layout.contains(blob) : false
    }

    /// - Throws: ``AssemblerError`` `corruptBlob` when the content has another size or digest.
    package func put(_ blob: Descriptor, _ content: BlobContent) async throws {
        guard blob.digest.algorithm == .sha256 else {
            throw AssemblerError(.corruptBlob, "blob \(blob.digest) cannot be checked: only sha256 digests are stored")
        }
        let receiver = try await blocking { try VerifyingIngest(blob, in: layout) }
        do {
            switch content {
            case .bytes(let bytes):
                try await blocking { try bytes.withUnsafeBytes { try receiver.write($0) } }
            case .file(let path):
                try await withCancellableBlocking { try receiver.write(contentsOf: path, $0) }
            case .stream(let chunks):
                try await receiver.write(chunks)
            }
            try Task.checkCancellation()
            try await blocking { try receiver.commit() }
        } catch {
            try await blocking { receiver.discard() }
            throw error
        }
    }

    /// - Throws: ``AssemblerError`` `blobMissing` when something that the manifest names is not in the layout: every
    ///   image in it is complete.
    package func put(_ manifest: StoredManifest, tag: String?) async throws {
        let children = try manifest.children()
        try await blocking {
            for child in children where !layout.has(child) {
                throw AssemblerError(
                    .blobMissing,
                    "manifest \(manifest.descriptor.digest) cannot be stored: its blob \(child.digest) is not in the store \(layout.root)"
                )
            }
        }
        try await put(manifest.descriptor, .bytes(Array(manifest.bytes)))
        if let tag { try await layout.setName(names(for: tag)[0], to: manifest.descriptor) }
    }

    /// What an image may be called in the index: other tools leave out the tag "latest".
    private func names(for tag: String) -> [String] {
        guard let name else { return [tag] }
        return ["\(name):\(tag)"] + (tag == "latest" ? [name] : [])
    }

    private func manifest(_ digest: Digest, _ mediaType: MediaType?) async throws -> StoredManifest {
        let path = layout.path(of: digest)
        guard path.exists else {
            throw AssemblerError(.imageNotFound, "there is no manifest \(digest) in the store \(layout.root)")
        }
        let bytes = Data(try await blocking { try path.readAll(limit: 16 << 20) })
        let stored = StoredManifest(mediaType: try mediaType ?? StoredManifest.mediaType(of: bytes), bytes: bytes)
        guard stored.descriptor.digest == digest else {
            throw AssemblerError(
                .corruptBlob,
                "\(path) is damaged: its content has another digest; remove it and pull or package again"
            )
        }
        return stored
    }
}

extension StoredManifest {
    /// Everything that the manifest or index names directly: configuration and layers, or manifests.
    package func children() throws -> [Descriptor] {
        do {
            if descriptor.mediaType.isIndex {
                return try CanonicalJSON.decode(ImageIndex.self, from: bytes).manifests
            }
            let manifest = try CanonicalJSON.decode(ImageManifest.self, from: bytes)
            return [manifest.config] + manifest.layers
        } catch is DecodingError {
            throw AssemblerError(
                .invalidBase,
                "\(descriptor.digest) (\(descriptor.mediaType)) is neither an image manifest nor an image index"
            )
        }
    }

    /// The media type that a manifest itself states, or else that its members betray.
    static func mediaType(of bytes: Data) throws -> MediaType {
        let value = try? CanonicalJSON.decode(JSONValue.self, from: bytes)
        if let stated = value?["mediaType"]?.stringValue { return MediaType(rawValue: stated) }
        return value?["manifests"] == nil ? .ociManifest : .ociIndex
    }
}
