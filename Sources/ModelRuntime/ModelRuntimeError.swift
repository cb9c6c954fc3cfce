/// Why a model cannot be run by the Python runtime.
package struct ModelRuntimeError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case unsupportedFormat, noCondaEnvironment
    }

    package var code: Code
    /// What is wrong and what to do, in one sentence.
    package var description: String
}
