/// Why a model could not be saved, read, exported or transferred.
package struct BundleError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The directory to save is not laid out as a model, or holds what no bundle can.
        case invalidModel
        /// The format is not known, or the files are not those of the format.
        case format
        /// `ormbfile.yaml`, or a bundle's configuration, has a field that cannot be read.
        case metadata
        /// A model file's header contradicts itself or ends too early; shards are missing.
        case damagedFile
        /// A file changed while it was read.
        case fileChanged
        /// A name that lacks its tag or names nothing.
        case reference, notFound
        /// An artifact of a registry that is no model, or one that is laid out as none of the known profiles.
        case notABundle
        /// A bundle whose manifest, names, sizes or contents are not to be trusted.
        case hostile
        /// A blob is missing or is not what its digest says.
        case damagedBlob
        case destination
        /// Another process uses the cache.
        case busy
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
