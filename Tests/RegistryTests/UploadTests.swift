import OCI
import Registry
import Synchronization
import Testing

@Suite struct UploadTests {
    @Test(arguments: [
        ("/v2/a/blobs/uploads/1", "/v2/a/blobs/uploads/1?digest=sha256%3A"),
        ("/up?_state=a%2Bb%3D", "/up?_state=a%2Bb%3D&digest=sha256%3A"),
        ("http://HOST/up?x=1", "/up?x=1&digest=sha256%3A"),
    ])
    func resolvesLocations(location: String, target: String) async throws {
        try await TestServer.with { request, connection in
            try connection.drain()
            let place = location.replacing("HOST", with: request.headers["host"] ?? "")
            try connection.respond(request.method == "POST" ? 202 : 201, ["Location": place])
        } body: { server in
            let (layer, bytes) = blob("layer")
            try await repository("\(server.address)/a").put(layer, .bytes(bytes))
            let put = try #require(server.requests.last)
            #expect(put.method == "PUT")
            #expect(put.target == target + layer.digest.hexadecimal)
            #expect(put.headers["content-type"] == "application/octet-stream")
            #expect(put.headers["content-length"] == "5")
        }
    }

    @Test func sendsNoCredentialsToAnotherHost() async throws {
        try await TestServer.with { _, connection in
            try connection.drain()
            try connection.respond(201)
        } body: { store in
            try await TestServer.with { request, connection in
                guard request.headers["authorization"] != nil else {
                    return try connection.respond(401, ["WWW-Authenticate": "Basic realm=x"])
                }
                try connection.respond(202, ["Location": store.url + "/bucket?signature=s"])
            } body: { server in
                let credential = RegistryCredential(user: "u", password: "p", source: "test")
                let name = "\(server.address)/a"
                let repository = try repository(name, credentials: StaticCredentials([server.address: credential]))
                let (layer, bytes) = blob("layer")
                try await repository.put(layer, stream(bytes))
                #expect(server.requests.last?.headers["authorization"] == "Basic dTpw")
                #expect(store.requests.map(\.method) == ["PUT"])
                #expect(store.requests.first?.headers["authorization"] == nil)
                #expect(
                    store.requests.first?.target == "/bucket?signature=s&digest=sha256%3A" + layer.digest.hexadecimal
                )
            }
        }
    }

    @Test(arguments: [201, 202, 401, 403, 404, 405])
    func fallsBackFromMounts(status: Int) async throws {
        try await TestServer.with { request, connection in
            try connection.drain()
            if request.query.hasPrefix("mount=") {
                try connection.respond(status, status == 202 ? ["Location": "/mounted"] : [:])
            } else if request.method == "POST" {
                try connection.respond(202, ["Location": "/plain"])
            } else {
                try connection.respond(request.method == "GET" ? 200 : 201)
            }
        } body: { server in
            let repository = try repository("\(server.address)/new")
            let (layer, bytes) = blob("layer")
            let source = ImageOrigin.registry(host: server.address, repository: "team/old")
            let isMounted = try await repository.mount(layer, from: source)
            #expect(isMounted == (status == 201))
            let mount = server.requests.first { $0.method == "POST" }
            #expect(mount?.query == "mount=sha256%3A\(layer.digest.hexadecimal)&from=team%2Fold")
            if !isMounted {
                try await repository.put(layer, .bytes(bytes))
                #expect(server.requests.last?.path == (status == 202 ? "/mounted" : "/plain"))
            }
        }
    }

    @Test func noticesAnotherDigestInTheAnswer() async throws {
        let other = blob("other").0.digest
        try await TestServer.with { request, connection in
            try connection.drain()
            try connection.respond(
                request.method == "POST" ? 202 : 201,
                ["Location": "/up", "Docker-Content-Digest": other.description]
            )
        } body: { server in
            let repository = try repository("\(server.address)/a")
            let (layer, bytes) = blob("layer")
            await expectError(.digestMismatch) { try await repository.put(layer, .bytes(bytes)) }
            let stored = try manifest(config: layer, layers: [])
            await expectError(.digestMismatch) { try await repository.put(stored, tag: "1") }
        }
    }

    @Test func endsAndCleansUpWhenCancelled() async throws {
        let isUploading = Mutex(false)
        try await TestServer.with { request, connection in
            if request.method == "PUT" {
                _ = try connection.readBody()
                isUploading.withLock { $0 = true }
                return connection.waitForHangUp()
            }
            try connection.respond(request.method == "POST" ? 202 : 204, ["Location": "/up"])
        } body: { server in
            let repository = try repository("\(server.address)/a")
            let (layer, bytes) = blob([UInt8](repeating: 0, count: 30_000_000))
            let task = Task { try await repository.put(layer, stream(bytes)) }
            while !isUploading.withLock(\.self) { try await Task.sleep(for: .milliseconds(10)) }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(server.calls.last == "DELETE /up")
        }
    }

    @Test func doesNotWaitForEverForARegistryThatStalls() async throws {
        try await TestServer.with { request, connection in
            if request.method == "PUT" { return connection.waitForHangUp() }
            try connection.respond(202, ["Location": "/up"])
        } body: { server in
            let repository = try repository("\(server.address)/a")
            let (layer, bytes) = blob([UInt8](repeating: 0, count: 30_000_000))
            let error = await expectError(.unreachable, saying: "takes no bytes for 15 s") {
                try await repository.put(layer, stream(bytes))
            }
            #expect(error?.transferCode == "timeout")
        }
    }
}
