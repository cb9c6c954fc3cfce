import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// JSON as it leaves the server: sorted keys, RFC 3339 dates in UTC with milliseconds.
enum JSONReply {
    static let contentType = "application/json; charset=utf-8"

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
        return Array(try encoder.encode(value))
    }
}

extension Response {
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = JSONReply.contentType }
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONReply.encode(value)))
        )
    }

    /// `{"message": …}`: every error, and what a deletion answers.
    static func message(
        _ text: String,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) throws -> Response {
        try json(["message": text], status: status, headers: headers)
    }
}
