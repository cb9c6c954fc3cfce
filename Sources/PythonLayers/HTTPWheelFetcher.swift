import HTTPTypes
import OCI
package import Transfer

extension PythonEnvironmentGenerator {
    /// - Parameter client: downloads the wheels.
    package init(settings: Settings, client: HTTPClient) {
        self.init(settings: settings) { request, path in
            try await withRetries(3) {
                var transfer = TransferRequest(url: request.url)
                if let authorization = request.authorization {
                    transfer.headers[.authorization] = authorization
                }
                return OCI.Digest(try await client.download(transfer, to: path).sha256)
            }
        }
    }
}

/// Runs `body` again when a transfer fails for a reason that may be gone a moment later.
private func withRetries<Value>(_ attempts: Int, _ body: () async throws -> Value) async throws -> Value {
    for attempt in 1..<attempts {
        do {
            return try await body()
        } catch let error as TransferError where error.isTransient || (500..<600).contains(error.status ?? 0) {
            try await Task.sleep(for: .milliseconds(250 << attempt))
        }
    }
    return try await body()
}
