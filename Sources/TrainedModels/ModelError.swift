/// Why an artifact is no model that can be packaged.
package struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notRecognized
        /// More than one model.
        case ambiguous
        /// A manifest (`odahuflow.project.yaml`, `MLmodel`) with a missing, mistyped or unsupported field.
        case manifest
        /// A file that a manifest names is not there.
        case missingFile
        /// A model file whose header ends too early or contradicts itself.
        case damaged
        /// Requirements that cannot be read or have no counterpart on PyPI.
        case environment
    }

    package var code: Code
    /// The file of the artifact concerned, relative to its root.
    package var file: String?
    package var reason: String

    init(_ code: Code, _ file: String?, _ reason: String) {
        self.code = code
        self.file = file
        self.reason = reason
    }

    package var description: String { (file.map { $0 + ": " } ?? "") + reason }
}
