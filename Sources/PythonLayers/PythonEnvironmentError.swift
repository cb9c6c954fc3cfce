/// Why a Python environment cannot be made.
package struct PythonEnvironmentError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case invalidParameters, baseWithoutPython, unreadableBase, pythonVersionMismatch, unsupportedPlatform
        case resolverMissing, resolverFailed, unresolvable, invalidLock, unsupportedSource
        case noMatchingWheel, buildFailed, downloadFailed, hashMismatch
        case invalidWheel, recordMismatch, fileCollision, tooFewLayers, interpreterFailed
    }

    package var code: Code
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = Redaction.redact(description)
    }
}
