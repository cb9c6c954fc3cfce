/// A text that is not YAML, or YAML that has no meaning as JSON, and where.
package struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case syntax
        case duplicateKey
        /// A mapping's key that is a sequence or a mapping.
        case unsupportedKey
        /// A tag that is not of the core schema, or whose value does not fit it.
        case unsupportedTag
        case unknownAlias
        case badMerge
        /// Nested too deep, or aliases that expand without bound.
        case limit
    }

    package var code: Code
    package var reason: String
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int

    package var description: String { "line \(line), column \(column): \(reason)" }
}
