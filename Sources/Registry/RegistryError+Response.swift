import FoundationEssentials
import HTTPTypes
import JSON
import Transfer

extension RegistryError {
    /// An answer with a status that the operation has no use for.
    ///
    /// - Parameters:
    ///   - operation: what was attempted, as in "push a blob to team/app".
    ///   - credentialSource: where the credentials that were sent come from; nil when none were.
    init(_ response: HTTPBufferedResponse, registry: String, operation: String, credentialSource: String?) {
        let status = response.head.status.code
        let diagnostics = Self.diagnostics(in: response.body)
        let said = diagnostics.isEmpty ? "" : ": " + diagnostics.map(\.text).joined(separator: "; ")
        let isHTML = Self.isHTML(response)
        let start = "registry \(registry)"
        let (code, sentence): (Code, String) =
            switch status {
            case 401:
                if let credentialSource {
                    (
                        .unauthorized,
                        "\(start) does not accept the credentials from \(credentialSource) to \(operation)\(said)"
                    )
                } else {
                    (
                        .unauthorized,
                        "\(start) wants credentials to \(operation) and there are none for it: add a connection or log in"
                    )
                }
            case 403:
                (
                    .denied,
                    "\(start) does not allow to \(operation) "
                        + (credentialSource.map { "with the credentials from \($0)" } ?? "without credentials") + said
                )
            case 429: (.tooManyRequests, "\(start) has had too many requests to \(operation)\(said); try again later")
            case 500...: (.unavailable, "\(start) fails to \(operation) (status \(status))\(said)")
            case _ where isHTML || (diagnostics.isEmpty && !response.body.isEmpty && status < 400):
                (
                    .notARegistry,
                    "\(registry) answers with \(isHTML ? "HTML" : "nonsense") (status \(status)): is this a registry?"
                )
            case 404: (.notFound, "\(start) knows nothing there to \(operation)\(said)")
            default: (.rejected, "\(start) refuses to \(operation) (status \(status))\(said)")
            }
        self.init(code, registry, sentence, status: status)
        self.diagnostics = diagnostics
    }

    init(_ error: TransferError, registry: String) {
        switch error.code {
        case .tlsToPlainPort:
            self.init(
                .wrongScheme,
                registry,
                "registry \(registry) speaks plain HTTP, not TLS; allow plain HTTP for it if that is meant"
            )
        case .plainToTLSPort: self = .speaksTLS(registry)
        case .malformedResponse: self.init(.notARegistry, registry, "\(error): is this a registry?")
        case .status: self.init(.unavailable, registry, "registry \(error)", status: error.status)
        case .digestMismatch: self.init(.digestMismatch, registry, "registry \(error)")
        case .badBody: self.init(.badContent, registry, "\(error)")
        default: self.init(.unreachable, registry, "registry \(error)")
        }
        transferCode = error.code.rawValue
    }

    static func speaksTLS(_ registry: String) -> RegistryError {
        RegistryError(.wrongScheme, registry, "registry \(registry) speaks TLS: do not ask for plain HTTP")
    }

    static func isHTML(_ response: HTTPBufferedResponse) -> Bool {
        let first = response.body.first { $0 > 0x20 }
        return first == UInt8(ascii: "<") || response.head.headerFields[.contentType]?.hasPrefix("text/html") == true
    }

    private static func diagnostics(in body: [UInt8]) -> [Diagnostic] {
        let document: JSONValue? = try? CanonicalJSON.decode(from: Data(body))
        return (document?["errors"]?.arrayValue ?? []).prefix(5).map { entry in
            Diagnostic(
                code: printable(entry["code"]?.stringValue ?? "UNKNOWN"),
                message: printable(entry["message"]?.stringValue ?? "")
            )
        }
    }

    /// A server's words, cut and without control characters: they go to a terminal.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(200).filter { $0.value >= 0x20 && $0.value != 0x7f })
        )
    }
}

extension RegistryError.Diagnostic {
    fileprivate var text: String { message.isEmpty ? code : "\(message) (\(code))" }
}
