import HTTPTypes
import HummingbirdTesting
import Testing

/// What the server counts of requests, and that it tells it.
struct MetricsTests {
    private static func lines(_ client: any TestClientProtocol) async throws -> [Substring] {
        let reply = try await client.send(.get, "/metrics")
        #expect(reply.status == 200)
        #expect(reply.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(reply.text.hasSuffix("\n"))
        return reply.text.split(separator: "\n")
    }

    @Test func requestsAreCountedByRouteAndNeverByPath() async throws {
        try await APIFixture.run { _, client in
            for id in ["wine", "beer", "secret-name"] { _ = try await client.send(.get, "/packaging/\(id)") }
            _ = try await client.send(.get, "/connection?size=2")
            _ = try await client.send(.get, "/nowhere/secret-name")
            _ = try await client.send(.delete, "/packaging")
            _ = try await client.send(try #require(HTTPRequest.Method("BREW")), "/packaging")
            let lines = try await Self.lines(client)
            for (series, count) in [
                (#"route="/packaging/{id}",method="GET",status="404""#, 3),
                (#"route="/connection",method="GET",status="200""#, 1),
                (#"route="/packaging",method="DELETE",status="405""#, 1),
                (#"route="none",method="GET",status="404""#, 1), (#"route="none",method="other",status="501""#, 1),
            ] {
                #expect(lines.contains("packager_http_requests_total{\(series)} \(count)"), "\(series)")
            }
            #expect(lines.contains(#"packager_http_request_seconds_count{route="/packaging/{id}",method="GET"} 3"#))
            #expect(!lines.contains { $0.contains("secret-name") })
            let counted = #"packager_http_requests_total{route="/metrics",method="GET",status="200"} 1"#
            #expect(try await Self.lines(client).contains { $0 == counted })
        }
    }

    @Test func jobsAreCountedByState() async throws {
        try await APIFixture.run { _, client in
            _ = try await client.send(.put, "/artifact/wine.zip", body: "a model")
            for id in ["a", "b", "c"] {
                let spec = #"{"artifactName": "wine.zip", "integrationName": "sample"}"#
                let reply = try await client.send(.post, "/packaging", body: #"{"id": "\#(id)", "spec": \#(spec)}"#)
                #expect(reply.status == 201)
            }
            _ = try await client.send(.post, "/packaging/c/cancel")
            let lines = try await Self.lines(client)
            for line in [
                #"packager_packagings{state="scheduling"} 2"#, #"packager_packagings{state="failed"} 1"#,
                #"packager_packagings{state="running"} 0"#, "packager_queue_depth 2", "packager_jobs_running 0",
                #"packager_blob_bytes_total{outcome="mounted"} 0"#, #"packager_layers_total{from="cached"} 0"#,
                "# TYPE packager_step_seconds histogram",
            ] {
                #expect(lines.contains { $0 == line }, "\(line)")
            }
        }
    }
}
