import Archive
import FileSystem
import ImageAssembler
package import OCI

import struct Crypto.SHA256

/// One file of a bundle.
package struct BundleFile: Sendable, Hashable {
    package var path: String
    /// Bytes.
    package var size: Int64
    package var digest: Digest
}

/// What is different between two bundles' files.
package enum FileDifference: Sendable, Hashable {
    case added(BundleFile)
    case removed(BundleFile)
    case changed(from: BundleFile, to: BundleFile)

    /// Compares by path; sorted by path.
    package static func between(_ old: [BundleFile], _ new: [BundleFile]) -> [FileDifference] {
        let before = Dictionary(old.map { ($0.path, $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.path, $0) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            switch (before[path], after[path]) {
            case (let old?, let new?): old.digest == new.digest ? nil : .changed(from: old, to: new)
            case (let old?, nil): .removed(old)
            case (nil, let new?): .added(new)
            case (nil, nil): nil
            }
        }
    }
}

extension ModelCache {
    /// The model's files as they would be exported, without `ormbfile.yaml`: below `model/` nothing is repeated.
    ///
    /// Files that are layers of their own are not read: their digests are in the manifest. Layers of several come into
    /// the cache for that.
    /// - Parameter source: where the model is, when it is not in the cache.
    package func files(of bundle: ModelBundle, from source: any ImageSource) async throws -> [BundleFile] {
        var files: [BundleFile] = []
        for layer in bundle.layers {
            if let path = layer.path {
                if bundle.metadata != nil, path == MetadataFile.name { continue }
                files.append(BundleFile(path: path, size: layer.descriptor.size, digest: layer.descriptor.digest))
            } else {
                try await whileUsing { try await bring(layer.descriptor, from: source) }
                files += try await members(of: layer)
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    private func members(of layer: BundleLayer) async throws -> [BundleFile] {
        let blob = layout.path(of: layer.descriptor.digest)
        return try await withCancellableBlocking { cancellation in
            var files: [BundleFile] = []
            try ArchiveExtractor.visitMembers(of: blob, cancellation: cancellation) { member, content in
                guard member.kind == .file else { return }
                var hash = SHA256()
                var size: Int64 = 0
                try content { bytes in
                    hash.update(bufferPointer: bytes)
                    size += Int64(bytes.count)
                }
                let prefix = PreparedModel.modelDirectory + "/"
                let path = member.path.hasPrefix(prefix) ? String(member.path.dropFirst(prefix.count)) : member.path
                files.append(BundleFile(path: path, size: size, digest: Digest(hash.finalize())))
            }
            return files
        }
    }
}
