/// A packaging that cannot be done as it was asked for.
package struct PackagingError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case invalidImageName, noBaseImage, noEngine, noModel, noTemplate
        /// A custom packager ended with an error, or not in time.
        case packagerFailed
        /// A custom packager left no results, or none that can be read.
        case noResults
    }

    package var code: Code
    /// What is wrong and what to do, in one sentence.
    package var description: String
    /// Of the program that failed, where there is one.
    package var exitCode: Int?

    package init(_ code: Code, _ description: String, exitCode: Int? = nil) {
        self.code = code
        self.description = description
        self.exitCode = exitCode
    }
}
