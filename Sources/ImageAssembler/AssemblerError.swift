/// What can go wrong between a recipe and a stored, pushed or exported image.
package struct AssemblerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A recipe asks for something that no part of this program makes, or for an artifact where none is given.
        case unknownLayerKind, noArtifact
        /// A layer's entry has no usable path, or two entries share one.
        case invalidEntry, duplicateEntry
        /// A file changed while it was read.
        case fileChanged
        /// The artifact's files cannot be put into an image as they are.
        case invalidArtifact
        case tooManyLayers
        case compressionFailed
        /// The base image is for another platform, or not an image at all.
        case platformMismatch, invalidBase
        /// The store on disk.
        case notALayout, imageNotFound, blobMissing, corruptBlob
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
