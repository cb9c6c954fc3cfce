import Crypto
import HTTPTypes
import Hummingbird
import NIOCore

/// A reply that is the same for everyone, with a tag by which clients that have it know it.
struct FixedReply: Sendable {
    private let entityTag: String
    private let body: ByteBuffer
    private let headers: HTTPFields

    init(_ body: ByteBuffer, type: String, headers: HTTPFields = [:]) {
        self.body = body
        let digest = SHA256.hash(data: Array(body.readableBytesView))
        entityTag = digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        var headers = headers
        headers[.contentType] = type
        headers[.eTag] = "\"\(entityTag)\""
        headers[.xContentTypeOptions] = "nosniff"
        // It may be kept, and has to be asked for each time: another version of the server has another one.
        headers[.cacheControl] = "no-cache"
        self.headers = headers
    }

    func reply(to request: Request) -> Response {
        if request.holds(entityTag: entityTag) { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
