/// Why a container could not be run.
package struct ContainerError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// An image whose layers or configuration are not what they should be.
        case invalidImage
        /// What this runtime cannot give.
        case unsupported
        /// The program that runs containers failed, or there is none.
        case runtimeFailed
        /// What a container left in a file's place is no file, or too large.
        case invalidFile
    }

    package var code: Code
    /// What is wrong and what to do, in one sentence.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
