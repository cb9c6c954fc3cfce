import Concurrency
import FileSystem
import ImageAssembler
package import OCI

extension ModelCache {
    /// One named model of the cache.
    package struct Entry: Sendable {
        /// As it is in the index, when that is a reference.
        package var reference: ImageReference
        package var bundle: ModelBundle
        /// When the model came into the cache, in seconds since 1970.
        package var stored: Int64
    }

    /// The models, sorted by name. What is in the layout and no model, or not whole, is left out.
    package func entries() async throws -> [Entry] {
        var entries: [Entry] = []
        for image in try await layout.images() {
            guard let reference = try? ImageReference(parsing: image.name),
                let bundle = try? await bundle(reference)
            else { continue }
            let blob = layout.path(of: bundle.modelDigest)
            let modified = try? await blocking { try FileIdentity(of: blob).modified }
            entries.append(Entry(reference: reference, bundle: bundle, stored: (modified ?? 0) / 1_000_000_000))
        }
        return entries
    }

    /// Reads every blob of a model and holds it against its digest.
    ///
    /// - Returns: the blobs that are whole.
    /// - Throws: ``BundleError`` `damagedBlob` for the first that is not.
    package func verify(_ bundle: ModelBundle) async throws -> [Descriptor] {
        let blobs = [bundle.stored.descriptor, bundle.manifest.config] + bundle.manifest.layers
        return try await blobs.concurrentMap(limit: concurrency) { blob in
            let path = layout.path(of: blob.digest)
            try await withCancellableBlocking { try VerifiedBlob.check(path, blob, $0) }
            return blob
        }
    }
}
