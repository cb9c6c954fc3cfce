import HTTPTypes
import Hummingbird
import SystemPackage

/// A file as a reply's body, whole or in part, never as a whole in memory. Source: RFC 9110, section 14.
struct FileReply {
    var path: FilePath
    /// Bytes.
    var size: Int64
    /// The state of the file, which `If-None-Match` and `If-Range` are held against; nil where it is not known.
    var entityTag: String?
    var headers: HTTPFields

    /// - Parameter unsatisfiable: the error for a range that lies outside of the file; gets the fields of its reply.
    func reply(
        _ request: Request,
        _ context: APIRequestContext,
        unsatisfiable: (HTTPFields) -> any Error
    ) async throws -> Response {
        var headers = headers
        headers[.acceptRanges] = "bytes"
        if let entityTag {
            headers[.eTag] = "\"\(entityTag)\""
            if request.holds(entityTag: entityTag) { return Response(status: .notModified, headers: headers) }
        }
        switch ByteRange(range(request), size: size) {
        case .whole:
            headers[.contentLength] = String(size)
            guard size > 0 else { return Response(status: .ok, headers: headers) }
            return try await response(.ok, headers, 0...size - 1, context)
        case .part(let range):
            headers[.contentLength] = String(range.count)
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
            return try await response(.partialContent, headers, range, context)
        case .unsatisfiable:
            throw unsatisfiable([.contentRange: "bytes */\(size)"])
        }
    }

    /// The range, unless it is for another state of the file than there is.
    private func range(_ request: Request) -> String? {
        if let condition = request.headers[.ifRange], condition != entityTag.map({ "\"\($0)\"" }) { return nil }
        return request.headers[.range]
    }

    private func response(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ range: ClosedRange<Int64>,
        _ context: APIRequestContext
    ) async throws -> Response {
        let body = try await FileIO().loadFile(
            path: path.string,
            range: Int(range.lowerBound)...Int(range.upperBound),
            context: context,
            chunkLength: 256 << 10
        )
        return Response(status: status, headers: headers, body: body)
    }
}
