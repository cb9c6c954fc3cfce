package import Crypto
import FileSystem
package import HTTPTypes
package import SystemPackage

/// A file that was downloaded.
package struct DownloadedFile: Sendable {
    /// Bytes.
    package var size: Int64
    package var sha256: SHA256Digest
    package var head: HTTPResponse
}

extension HTTPClient {
    /// Downloads to a part file beside `path`, hashing on the way, syncs it and renames it into place: `path` is there
    /// whole and verified, or untouched.
    ///
    /// - Parameters:
    ///   - expectedSize: bytes; another size throws `truncated` or `tooLong`.
    ///   - expectedSHA256: lower-case hexadecimal; another digest throws `digestMismatch`.
    ///   - limit: the most bytes that are written.
    /// - Throws: ``TransferError`` `status` for every status but 200.
    package func download(
        _ request: TransferRequest,
        to path: FilePath,
        expectedSize: Int64? = nil,
        expectedSHA256: String? = nil,
        limit: Int64 = .max
    ) async throws -> DownloadedFile {
        let response = try await stream(request)
        let address = try HTTPURL(response.url).address
        guard response.head.status == .ok else {
            throw TransferError(.status, address, "answers \(response.head.status)", status: response.head.status.code)
        }
        // Each download starts from nothing. To go on with an earlier part, name it after the digest, hash what it
        // holds and ask for the range behind it.
        let part = try await blocking { try PartFile(beside: path) }
        do {
            for try await chunk in response.body {
                try await blocking { try part.append(chunk) }
                let size = part.size
                guard size <= expectedSize ?? limit else {
                    throw TransferError(
                        .tooLong,
                        address,
                        "sends more than the \(expectedSize ?? limit) bytes expected"
                    )
                }
            }
            let size = part.size
            if let expectedSize, size < expectedSize {
                throw TransferError(.truncated, address, "sends \(size) bytes in place of \(expectedSize)")
            }
            let digest = part.digest
            if let expectedSHA256, digest.hexadecimal != expectedSHA256 {
                throw TransferError(
                    .digestMismatch,
                    address,
                    "sends other content than expected for \(path.lastComponent?.string ?? ""): its SHA-256 is "
                        + "\(digest.hexadecimal), not \(expectedSHA256)"
                )
            }
            try Task.checkCancellation()
            try await blocking { try part.commit() }
            return DownloadedFile(size: size, sha256: digest, head: response.head)
        } catch {
            try? await blocking { part.discard() }
            throw error
        }
    }
}

extension SHA256Digest {
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
