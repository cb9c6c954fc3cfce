/// A packaging that cannot be done as it was asked for.
package struct PackagingError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case invalidImageName, noBaseImage, noEngine, noModel, noTemplate
    }

    package var code: Code
    /// What is wrong and what to do, in one sentence.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
