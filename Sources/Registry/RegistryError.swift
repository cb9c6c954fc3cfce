/// A registry that does not do what it is asked for. Never holds a query string, a token or a password.
package struct RegistryError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// No credentials, or the registry does not accept them (401).
        case unauthorized
        /// The credentials do not allow it (403).
        case denied
        case notFound
        /// It answers, but not with the registry protocol.
        case notARegistry
        /// TLS where plain HTTP was asked for, or the reverse.
        case wrongScheme
        case digestMismatch, tooManyRequests, unavailable, rejected
        /// A blob whose source ends too early.
        case badContent
        /// A credential store that cannot be read.
        case credentials
        /// No answer at all; ``transferCode`` says more.
        case unreachable
    }

    /// One entry of an answer's `errors`. Source: OCI distribution specification, "Error Codes".
    package struct Diagnostic: Sendable, Hashable {
        package var code: String
        package var message: String
    }

    package var code: Code
    /// `host[:port]` as in references; empty where no registry is concerned.
    package var registry: String
    /// The whole sentence.
    package var description: String
    package var status: Int?
    package var diagnostics: [Diagnostic] = []
    /// The transfer's code where that is what failed.
    package var transferCode: String?

    package init(_ code: Code, _ registry: String, _ description: String, status: Int? = nil) {
        self.code = code
        self.registry = registry
        self.description = description
        self.status = status
    }
}
