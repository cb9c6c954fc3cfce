import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import Testing

@testable import PackagerAPI

struct RoutingTests {
    @Test func healthIsAnEmptyObject() async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(.get, "/health")
            #expect(reply.status == 200)
            #expect(reply.text == "{}")
            #expect(reply.headers[.contentType] == "application/json; charset=utf-8")
        }
    }

    @Test(arguments: ["/", "/nothing", "/packaging/a/b", "/artifact/a/b", "/api/v1/packaging", "/api/v2/connection"])
    func unroutedPathIsNotFound(path: String) async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(.get, path + "?secret=1")
            #expect(reply.status == 404)
            #expect(reply.json == ["message": .string("not found: \(path)")])
        }
    }

    @Test(arguments: [
        ("DELETE", "/packaging", "GET, HEAD, POST, PUT"),
        ("POST", "/packaging/wine", "DELETE, GET, HEAD, PUT"),
        ("PATCH", "/packaging/wine/log", "GET, HEAD"),
        ("DELETE", "/packaging/integration", "GET, HEAD, POST, PUT"),
        ("POST", "/artifact/wine.zip", "DELETE, GET, HEAD, PATCH, PUT"),
        ("PUT", "/health", "GET, HEAD"),
        ("OPTIONS", "/api/v1/connection", "GET, HEAD, POST, PUT"),
        ("TRACE", "/packaging/wine/cancel", "POST"),
        ("QUERY", "/swagger/index.html", "GET, HEAD"),
    ])
    func otherMethodsAreRefusedWithAllow(method: String, path: String, allow: String) async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(try #require(HTTPRequest.Method(method)), path)
            #expect(reply.status == 405)
            #expect(reply.headers[.allow] == allow)
            #expect(reply.message == "\(method) is not possible on \(path); what is: \(allow)")
        }
    }

    @Test func aMethodThatNobodyKnowsIsNotImplemented() async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(try #require(HTTPRequest.Method("BREW")), "/packaging")
            #expect(reply.status == 501 && reply.message == "there is no method BREW here")
        }
    }

    @Test func headHasTheFieldsOfGetAndNoBody() async throws {
        try await APIFixture.run(.live) { _, client in
            let reply = try await client.send(.head, "/health")
            #expect(reply.status == 200)
            #expect(reply.headers[.contentLength] == "2")
            #expect(reply.bytes.isEmpty)
        }
    }

    @Test func requestIDIsEchoedWhenItIsHarmless() async throws {
        let field = try #require(HTTPField.Name("X-Request-Id"))
        try await APIFixture.run { _, client in
            let echoed = try await client.send(.get, "/health", headers: [field: "abc-123"])
            #expect(echoed.headers[field] == "abc-123")
            let replaced = try await client.send(.get, "/nowhere", headers: [field: "a b\"c"])
            #expect(replaced.headers[field]?.isEmpty == false)
            #expect(replaced.headers[field] != "a b\"c")
        }
    }

    @Test func pagesOfOtherSitesCannotChangeAnything() async throws {
        try await APIFixture.run { _, client in
            let foreign = try await client.send(.delete, "/packaging/wine", headers: [.origin: "http://evil.example"])
            #expect(foreign.status == 403)
            let own = try await client.send(.delete, "/packaging/wine", headers: [.origin: "http://localhost"])
            #expect(own.status == 404)
            let read = try await client.send(.get, "/health", headers: [.origin: "http://evil.example"])
            #expect(read.status == 200)
        }
    }

    @Test(arguments: [
        ("/packaging?size=x", "strconv.Atoi: parsing \"x\": invalid syntax"),
        ("/packaging?page=99999999999999999999", "strconv.Atoi: parsing \"99999999999999999999\": value out of range"),
        ("/connection?size=-1", "the size URL parameter must not be negative"),
        ("/connection?size=1&size=2", "the size URL parameter must be only one"),
        ("/packaging/integration?type=docker", "cannot find type url parameter"),
        ("/api/v1/model/packaging?colour=red", "cannot find colour url parameter"),
        ("/packaging/wine/log?follow=ja", "Convert ja to bool"),
        ("/packaging/wine/log?follow=%e4", "the URL parameter follow is not percent-encoded UTF-8"),
        ("/packaging/%ff", "\"%ff\" in the URL is not percent-encoded UTF-8"),
        ("/artifact/..%2f..%2fetc%2fpasswd", "\"../../etc/passwd\" in the URL is not a name: it must not be a path"),
        ("/artifact/%2e%2e", "\"..\" in the URL is not a name: it must not be a path"),
        ("/artifact/a%00b", "\"a%00b\" in the URL is not percent-encoded UTF-8"),
    ])
    func badURLIsRefused(uri: String, message: String) async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(.get, uri)
            #expect(reply.status == 400)
            #expect(reply.message == message)
        }
    }

    /// What Go's `strconv.ParseBool` and Python's pydantic read, and `str(bool)` and a shell write.
    @Test(arguments: [
        ("1", true), ("t", true), ("T", true), ("TRUE", true), ("true", true), ("True", true), ("y", true), ("Y", true),
        ("yes", true), ("Yes", true), ("YES", true), ("on", true), ("On", true), ("ON", true), ("0", false),
        ("f", false), ("F", false), ("FALSE", false), ("false", false), ("False", false), ("n", false), ("N", false),
        ("no", false), ("No", false), ("NO", false), ("off", false), ("Off", false), ("OFF", false), ("", nil),
        ("2", nil), ("01", nil), ("truee", nil), ("None", nil), ("-1", nil), ("true%20", nil), ("yes,no", nil),
    ])
    func flagsAreReadInEverySpelling(text: String, value: Bool?) throws {
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/x?follow=\(text)")
        let query = try QueryParameters(Request(head: head, body: .init(buffer: .init())), allowed: ["follow"])
        guard let value else {
            #expect(throws: APIError.self) { _ = try query.flag("follow") }
            return
        }
        #expect(try query.flag("follow") == value)
        let pattern = try OpenAPIDocument.value()["components"]?["schemas"]?["Flag"]?["pattern"]?.stringValue
        #expect(try Regex(#require(pattern)).wholeMatch(in: text) != nil)
    }

    @Test(arguments: ["/packaging", "/packaging/integration?size=0", "/connection?page=7&size=3", "/artifact"])
    func listsAreNeverNull(uri: String) async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(.get, uri)
            #expect(reply.status == 200)
            #expect(reply.json.arrayValue != nil)
        }
    }
}
