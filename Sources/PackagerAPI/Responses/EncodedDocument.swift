import HTTPTypes
import Hummingbird
import NIOCore
import PackagerCore

/// JSON that is ready to be sent: an entity with its tag, or a list of them.
struct EncodedDocument: Sendable {
    private let body: ByteBuffer
    private let headers: HTTPFields

    init(text: String) {
        body = ByteBuffer(string: text)
        headers = [:]
    }

    init(_ document: PackagingDocument) {
        body = ByteBuffer(string: document.text)
        headers = EntityTag.headers(updatedAt: document.updatedAt)
    }

    init(_ entity: some EntityDocument) throws {
        body = ByteBuffer(bytes: try JSONReply.encode(entity))
        headers = EntityTag.headers(of: entity)
    }

    init(list entities: [some EntityDocument]) throws {
        body = ByteBuffer(bytes: try JSONReply.encode(entities))
        headers = [:]
    }

    var reply: Response {
        var headers = headers
        headers[.contentType] = JSONReply.contentType
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
