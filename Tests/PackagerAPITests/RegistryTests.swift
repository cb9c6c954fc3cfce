import HTTPTypes
import HummingbirdTesting
import ImageAssembler
import JSON
import OCI
import Testing

struct RegistryTests {
    private static let digestField = HTTPField.Name("Docker-Content-Digest") ?? .eTag

    @Test(arguments: ["/v2", "/v2/"])
    func checkAnswers(path: String) async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(.get, path)
            #expect(reply.status == 200)
            #expect(reply.headers[try #require(HTTPField.Name("Docker-Distribution-Api-Version"))] == "registry/2.0")
        }
    }

    @Test(arguments: ["wine:1", "127.0.0.1:5080/team/models/wine:1", "a/b-c/d__e.f:1"])
    func manifestIsServedByTagAndDigest(name: String) async throws {
        try await APIFixture.run(.live) { fixture, client in
            let image = try await TestImage.put(name, in: fixture.layout)
            let path = "/v2/\(try ImageReference(parsing: name).repository)/manifests/"
            let digest = image.manifest.descriptor.digest.description
            for reference in ["1", digest] {
                let reply = try await client.send(.get, path + reference)
                #expect(reply.status == 200)
                #expect(reply.bytes == Array(image.manifest.bytes))
                #expect(reply.headers[.contentType] == MediaType.ociManifest.rawValue)
                #expect(reply.headers[Self.digestField] == digest)
                let head = try await client.send(.head, path + reference)
                #expect(head.status == 200)
                #expect(head.headers[.contentLength] == String(image.manifest.bytes.count))
                #expect(head.headers[Self.digestField] == digest)
                #expect(head.bytes.isEmpty)
            }
            let again = try await client.send(.get, path + "1", headers: [.ifNoneMatch: "\"\(digest)\""])
            #expect(again.status == 304)
        }
    }

    @Test func indexIsServedToThoseWhoTakeIt() async throws {
        try await APIFixture.run { fixture, client in
            let mine = try await TestImage.put("one:mine", in: fixture.layout)
            let other = try await TestImage.put("one:other", in: fixture.layout, text: "other")
            let platforms = [(other, Platform(architecture: "s390x")), (mine, Platform.host)]
            let index = try await TestImage.putIndex("many:1", of: platforms, in: fixture.layout)

            let whole = try await client.send(.get, "/v2/many/manifests/1", headers: [.accept: "application/json, */*"])
            #expect(whole.bytes == Array(index.bytes))
            #expect(whole.headers[.contentType] == MediaType.ociIndex.rawValue)
            let old: HTTPFields = [.accept: "\(MediaType.dockerManifest), \(MediaType.ociManifest);q=0.5"]
            let single = try await client.send(.get, "/v2/many/manifests/1", headers: old)
            #expect(single.bytes == Array(mine.manifest.bytes))
            let byDigest = try await client.send(.get, "/v2/many/manifests/\(index.descriptor.digest)", headers: old)
            #expect(byDigest.bytes == Array(index.bytes))
        }
    }

    @Test func blobIsServedWholeAndInParts() async throws {
        try await APIFixture.run(.live) { fixture, client in
            let image = try await TestImage.put("wine:1", in: fixture.layout)
            let (digest, bytes) = (image.layer.digest, image.layerBytes)
            let path = "/v2/wine/blobs/\(digest)"

            let whole = try await client.send(.get, path)
            #expect(whole.status == 200)
            #expect(whole.bytes == bytes)
            #expect(whole.headers[.eTag] == "\"\(digest)\"")
            let head = try await client.send(.head, path)
            #expect(head.headers[.contentLength] == String(bytes.count))
            #expect(head.headers[.acceptRanges] == "bytes")

            let part = try await client.send(.get, path, headers: [.range: "bytes=300000-600000"])
            #expect(part.status == 206)
            #expect(part.bytes == Array(bytes[300_000...600_000]))
            #expect(part.headers[.contentRange] == "bytes 300000-600000/\(bytes.count)")
            let rest = try await client.send(.get, path, headers: [.range: "bytes=-10"])
            #expect(rest.bytes == Array(bytes.suffix(10)))
            let changed = try await client.send(.get, path, headers: [.range: "bytes=0-1", .ifRange: "\"other\""])
            #expect(changed.status == 200)
            let outside = try await client.send(.get, path, headers: [.range: "bytes=\(bytes.count)-"])
            #expect(outside.status == 416)
            #expect(outside.headers[.contentRange] == "bytes */\(bytes.count)")
            let held = try await client.send(.get, path, headers: [.ifNoneMatch: "W/\"x\", \"\(digest)\""])
            #expect(held.status == 304)
        }
    }

    @Test func namesComeInPages() async throws {
        try await APIFixture.run { fixture, client in
            for name in ["b:2", "b:10", "b:_x", "b:Z", "a/c", "127.0.0.1:5080/d:1", "other.example/e:1"] {
                try await TestImage.put(name, in: fixture.layout)
            }
            #expect(try await client.send(.get, "/v2/_catalog").json == ["repositories": ["a/c", "b", "d"]])
            #expect(try await client.send(.get, "/v2/a/c/tags/list").json == ["name": "a/c", "tags": ["latest"]])

            var next: String? = "/v2/b/tags/list?n=3"
            var pages: [[JSONValue]] = []
            while let uri = next {
                let reply = try await client.send(.get, uri)
                pages.append(try #require(reply.json["tags"]?.arrayValue))
                let link = reply.headers[try #require(HTTPField.Name("Link"))]
                next = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
            }
            #expect(pages == [["10", "2", "Z"], ["_x"]])
            #expect(try await client.send(.get, "/v2/b/tags/list?n=0").json["tags"] == [])
        }
    }

    @Test(arguments: [
        ("/v2/nothing/manifests/1", 404, "NAME_UNKNOWN"), ("/v2/wine/manifests/2", 404, "MANIFEST_UNKNOWN"),
        ("/v2/wine/manifests/..", 404, "MANIFEST_UNKNOWN"), ("/v2/wine/manifests/sha256:12", 400, "DIGEST_INVALID"),
        ("/v2/wine/blobs/latest", 400, "DIGEST_INVALID"), ("/v2/nothing/tags/list", 404, "NAME_UNKNOWN"),
        ("/v2/Wine/manifests/1", 400, "NAME_INVALID"), ("/v2/a//b/tags/list", 400, "NAME_INVALID"),
        ("/v2/..%2f..%2fetc/manifests/1", 400, "NAME_INVALID"),
        ("/v2/wine/tags/list?n=x", 400, "PAGINATION_NUMBER_INVALID"),
        ("/v2/wine/other", 404, "UNSUPPORTED"), ("/v2/%ff/tags/list", 404, "UNSUPPORTED"),
        ("/v2/wine/blobs/sha256:\(String(repeating: "0", count: 64))", 404, "BLOB_UNKNOWN"),
        ("/v2/wine/manifests/sha256:\(String(repeating: "0", count: 64))", 404, "MANIFEST_UNKNOWN"),
    ])
    func errorsAreTheSpecifications(uri: String, status: Int, code: String) async throws {
        try await APIFixture.run { fixture, client in
            try await TestImage.put("wine:1", in: fixture.layout)
            let reply = try await client.send(.get, uri)
            #expect(reply.status == status)
            let error = try #require(reply.json["errors"]?[0])
            #expect(error["code"]?.stringValue == code)
            #expect(error["message"]?.stringValue?.isEmpty == false)
            #expect(error["detail"]?.objectValue != nil)
        }
    }

    @Test func aLayerIsNoManifest() async throws {
        try await APIFixture.run { fixture, client in
            let image = try await TestImage.put("wine:1", in: fixture.layout)
            for digest in [image.layer.digest, image.configuration.digest] {
                let reply = try await client.send(.get, "/v2/wine/manifests/\(digest)")
                #expect(reply.status == 404)
                #expect(reply.json["errors"]?[0]?["code"] == "MANIFEST_UNKNOWN")
            }
        }
    }

    @Test(arguments: [
        ("POST", "/v2/wine/blobs/uploads/"), ("PUT", "/v2/wine/manifests/1"), ("PATCH", "/v2/wine/blobs/uploads/1"),
        ("DELETE", "/v2/wine/manifests/1"), ("POST", "/v2/wine/blobs/uploads/?mount=sha256:1&from=other"),
    ])
    func pushIsUnsupported(method: String, uri: String) async throws {
        try await APIFixture.run { _, client in
            let reply = try await client.send(try #require(HTTPRequest.Method(method)), uri, body: "{}")
            #expect(reply.status == 405)
            #expect(reply.json["errors"]?[0]?["code"] == "UNSUPPORTED")
            #expect(reply.headers[.allow] == "GET, HEAD")
        }
    }
}
