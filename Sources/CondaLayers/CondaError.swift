import PythonLayers

/// Why a Conda environment cannot be made.
package struct CondaError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case invalidParameters, unsupportedPlatform, channelNotAllowed
        case solverMissing, solverFailed, unsolvable, invalidLock, withoutPython
        case downloadFailed, hashMismatch
        case invalidPackage, prefixTooLong, fileCollision, tooFewLayers
    }

    package var code: Code
    /// What is wrong and what to do, in one sentence without secrets.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = Redaction.redact(description)
    }
}
