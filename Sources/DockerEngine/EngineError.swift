/// What a Docker engine could not do, or did not want to.
package struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// An address that names no engine that can be spoken to.
        case invalidAddress
        case unreachable
        /// The engine speaks no version of the API that this program does.
        case unsupportedVersion
        /// It answers with an error of its own.
        case refused
        /// It answers with something else than the API says.
        case malformedAnswer
        /// A step of a build failed.
        case buildFailed
    }

    package var code: Code
    /// What is wrong and what to do, in one sentence.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
