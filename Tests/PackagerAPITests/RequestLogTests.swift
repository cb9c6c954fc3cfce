import HTTPTypes
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import PackagerAPI

/// Which ids the log's lines have.
struct RequestLogTests {
    /// Keeps each line with its metadata.
    private struct Lines: LogHandler {
        final class Kept: Sendable {
            let all = Mutex<[String]>([])
        }

        let kept: Kept
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let ids = ["request", "packaging", "hb.request.id"].compactMap { key in all[key].map { " \(key)=\($0)" } }
                .joined()
            kept.all.withLock { $0.append("\(event.message)\(ids)") }
        }
    }

    @Test func linesSayOfWhichRequestAndPackagingTheyAre() async throws {
        let kept = Lines.Kept()
        try await APIFixture.run { fixture, _ in
            let logger = Logger(label: "test") { _ in Lines(kept: kept) }
            let application = buildApplication(
                fixture.service,
                configuration: APIConfiguration(),
                logger: logger
            )
            try await application.test(.router) { client in
                let id: HTTPFields = [.requestID: "r1"]
                _ = try await client.send(.put, "/artifact/wine.zip", body: "a model")
                let body = #"{"id": "wine", "spec": {"artifactName": "wine.zip", "integrationName": "sample"}}"#
                _ = try await client.send(.post, "/packaging", headers: id, body: body)
                _ = try await client.send(.get, "/packaging/wine?wait=0", headers: id)
                _ = try await client.send(.get, "/api/v1/model/packaging/beer/events", headers: id)
                _ = try await client.send(.get, "/packaging/integration/sample", headers: id)
                _ = try await client.send(.delete, "/packaging/wine", headers: id)
            }
        }
        let lines = kept.all.withLock(\.self).filter { $0.contains("request=r1") }
        #expect(
            lines == [
                "Model packaging was created request=r1 packaging=wine", "POST /packaging 201 request=r1",
                "GET /packaging/wine 200 request=r1 packaging=wine",
                "GET /api/v1/model/packaging/beer/events 404 request=r1 packaging=beer",
                "GET /packaging/integration/sample 200 request=r1",
                "Model packaging was deleted request=r1 packaging=wine",
                "DELETE /packaging/wine 200 request=r1 packaging=wine",
            ]
        )
    }
}
