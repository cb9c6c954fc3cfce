/// Why a recipe cannot be written as a Dockerfile.
package struct DockerfileError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case unwritable, unsupportedLayer, invalidTemplate, directoryNotEmpty
    }

    package var code: Code
    /// What is wrong and what to do, in one sentence.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
