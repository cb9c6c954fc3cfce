import FoundationEssentials
import JSON
import SystemPackage

/// An answer over HTTP.
struct HTTPAnswer: Sendable {
    var request: String
    var status: Int
    var body: String

    /// The body as JSON, of an answer in the 200s.
    func json() throws -> JSONValue {
        guard (200..<300).contains(status) else { throw EndToEndError("\(request): \(status) \(body)") }
        return try CanonicalJSON.decode(from: Data(body.utf8))
    }
}

/// One request through curl: no code of the product's takes part.
func http(
    _ method: String,
    _ url: String,
    json: JSONValue? = nil,
    upload: FilePath? = nil,
    within seconds: Int = 60
) async throws -> HTTPAnswer {
    var arguments = ["--silent", "--noproxy", "*", "--max-time", "\(seconds)", "--write-out", "\n%{http_code}"]
    if let upload {
        arguments += ["--upload-file", upload.string]
    } else {
        arguments += ["--request", method]
    }
    var input = ""
    if let json {
        input = String(decoding: try CanonicalJSON.encode(json), as: UTF8.self)
        arguments += ["--header", "Content-Type: application/json", "--data-binary", "@-"]
    }
    let result = try await command("curl", arguments + [url], input: input)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    return HTTPAnswer(
        request: "\(method) \(url)",
        status: lines.last.flatMap { Int($0) } ?? 0,
        body: lines.dropLast().joined(separator: "\n")
    )
}
