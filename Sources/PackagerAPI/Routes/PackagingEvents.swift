import HTTPTypes
import Hummingbird
import PackagerCore

/// What happens to a packaging as server-sent events. Source: HTML Standard, section 9.2 "Server-sent events".
///
/// `status`, `step`, `layer` and `bytes` have what they are about as their data, `deleted` nothing; a comment is sent after
/// five seconds of silence. The stream begins with the status as it is, so that a client that has lost its connection
/// misses nothing but the states between.
struct PackagingEvents {
    /// Opens the events of a packaging.
    var open: @Sendable (String) async throws -> PackagingEventSequence

    @Sendable func reply(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        _ = try QueryParameters(request)
        let events = try await open(context.name("id")).map(Self.encode)
        let headers: HTTPFields = [
            .contentType: "text/event-stream",
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        return request.following(events, headers: headers, logger: context.logger)
    }

    static func encode(_ event: PackagingEvent) throws -> [UInt8] {
        switch event {
        case .status(let status): try encode("status", status)
        case .step(let step): try encode("step", step)
        case .layer(let layer): try encode("layer", layer)
        case .traffic(let traffic): try encode("bytes", traffic)
        case .deleted: try encode("deleted", [String: String]())
        case .silence: Array(":\n\n".utf8)
        }
    }

    private static func encode(_ name: String, _ data: some Encodable) throws -> [UInt8] {
        try Array("event: \(name)\ndata: ".utf8) + JSONReply.encode(data) + Array("\n\n".utf8)
    }
}
