/// A tar that could not be written.
package struct TarWriterError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case invalidName, wrongSize, library, outOfMemory
    }

    package var code: Code
    /// The entry, where one is concerned.
    package var path: String?
    package var reason: String

    init(_ code: Code, path: String?, _ reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    package var description: String {
        path.map { "cannot write \"\($0)\" into the tar: \(reason)" } ?? "cannot write the tar: \(reason)"
    }
}
