/// Why a model cannot be served by Triton as it is or as it is asked for.
package struct TritonError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A `config.pbtxt` that is not protobuf text format, or has a field that the messages do not have.
        case textFormat
        /// A configuration that the server refuses.
        case configuration
        /// A configuration that cannot be completed from what is known of the model.
        case incomplete
        /// A model or release of the server that do not go together.
        case incompatible
        /// An argument that can never work.
        case argument
    }

    package var code: Code
    package var reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { reason }

    /// The same error, which says in which file it is.
    func inFile(_ name: String) -> TritonError { TritonError(code, "\(name): \(reason)") }
}
