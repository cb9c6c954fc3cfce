import FileSystem
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import OCI
import Subprocess
import SystemPackage
import Testing

@testable import PackagerAPI

/// Uploads over real connections, into a file in place of the service's store.
struct UploadTests {
    /// Puts an upload into `directory/whole` once all of it has come, and counts what is going on.
    private static func withServer(
        _ body: @Sendable (_ port: Int, _ directory: FilePath) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "packager-upload") { directory in
            let router = Router<APIRequestContext>.withMiddleware()
            router.put("/upload") { request, _ in
                let query = try QueryParameters(request, allowed: ["digest"])
                let length = request.headers[.contentLength].flatMap { Int64($0) }
                let digests = try ExpectedDigests.all(in: request, query: query)
                let upload = UploadBody(name: "it", body: request.body, length: length, digests: digests)
                let part = directory.appending("part")
                let file = try FileDescriptor.open(
                    part,
                    .writeOnly,
                    options: [.create, .truncate],
                    permissions: .ownerReadWrite
                )
                do {
                    defer { try? file.close() }
                    for try await block in upload { try file.writeAll(block) }
                } catch {
                    try part.rename(to: directory.appending("broken"))
                    throw error
                }
                try part.rename(to: directory.appending("whole"))
                return try Response.json(["ok": true], status: .created)
            }
            var configuration = APIConfiguration()
            configuration.port = 0
            let application = buildApplication(router, configuration: configuration, logger: .silent)
            try await application.test(.live) { client in try await body(try #require(client.port), directory) }
        }
    }

    /// Waits until the server has noticed that an upload broke off.
    private static func waitForBroken(_ directory: FilePath) async throws {
        while !directory.appending("broken").exists { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test(arguments: [
        "Content-Length: 100\r\n\r\nonly this",
        "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
        "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf a chunk",
    ])
    func brokenUploadIsNeverTakenForAWholeOne(request: String) async throws {
        try await Self.withServer { port, directory in
            do {
                let connection = try RawConnection(port: port)
                try connection.send("PUT /upload HTTP/1.1\r\nHost: localhost\r\n" + request)
                while !directory.appending("part").exists { try await Task.sleep(for: .milliseconds(10)) }
            }
            try await Self.waitForBroken(directory)
            #expect(!directory.appending("whole").exists)
        }
    }

    @Test func chunkedUploadIsWhole() async throws {
        try await Self.withServer { port, directory in
            let connection = try RawConnection(port: port)
            let chunks = "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
            try connection.send(
                "PUT /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
            )
            #expect(try await connection.receive(upTo: "}").hasPrefix("HTTP/1.1 201 Created"))
            #expect(try directory.appending("whole").readAll() == Array("hello world".utf8))
        }
    }

    /// curl sends nothing before it, or waits for a second.
    @Test func clientThatAsksFirstIsToldToContinue() async throws {
        try await Self.withServer { port, directory in
            let connection = try RawConnection(port: port)
            try connection.send(
                "PUT /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try await connection.receive(upTo: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try connection.send("hello")
            #expect(try await connection.receive(upTo: "}").hasPrefix("HTTP/1.1 201 Created"))
            #expect(try directory.appending("whole").readAll() == Array("hello".utf8))
        }
    }

    private static let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    private static let helloBase64 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="

    @Test(arguments: [
        ("?digest=sha256:\(hello)", "", 201, nil),
        ("", "Content-Digest: sha-512=:AA==:, sha-256=:\(helloBase64):\r\n", 201, nil),
        ("", "Digest: SHA-256=\(helloBase64)\r\n", 201, nil),
        (
            "?digest=sha256:\(String(repeating: "0", count: 64))", "", 400,
            "the digest of it is sha256:\(hello), not sha256:0"
        ),
        ("", "Digest: sha-256=AA==\r\n", 400, "the field Digest must hold sha-256= and the digest in base64"),
        ("?digest=md5:0", "", 400, "the digest URL parameter must be sha256:"),
    ])
    func promisedDigestIsChecked(query: String, field: String, status: Int, message: String?) async throws {
        try await Self.withServer { port, directory in
            let connection = try RawConnection(port: port)
            try connection.send(
                "PUT /upload\(query) HTTP/1.1\r\nHost: localhost\r\n\(field)Content-Length: 5\r\n\r\nhello"
            )
            let reply = try await connection.receive(upTo: "}")
            #expect(reply.hasPrefix("HTTP/1.1 \(status) "))
            if let message { #expect(reply.contains(message)) }
            #expect(directory.appending("whole").exists == (status == 201))
        }
    }

    /// 300 MiB while the server's memory grows by less than 64.
    @Test func memoryIsFlat() async throws {
        try await Self.withServer { port, directory in
            let source = directory.appending("source")
            let size: Int64 = 300 << 20
            let file = try FileDescriptor.open(source, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter { try file.resize(to: size) }
            let before = try residentKilobytes("VmRSS")
            async let peak = highestMemory(while: directory.appending("whole"))
            let result = try await Subprocess.run(
                .name("curl"),
                arguments: ["-sS", "-f", "-T", source.string, "http://127.0.0.1:\(port)/upload"],
                output: .string(limit: 1 << 16),
                error: .string(limit: 1 << 16)
            )
            #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
            #expect(try FileIdentity(of: directory.appending("whole")).size == size)
            #expect(try await peak - before < 64 << 10)
        }
    }
}

/// Samples this process's memory in kilobytes until a file is there.
private func highestMemory(while missing: FilePath) async throws -> Int {
    var highest = 0
    repeat {
        highest = max(highest, try residentKilobytes("VmRSS"))
        try await Task.sleep(for: .milliseconds(20))
    } while !missing.exists
    return highest
}

private func residentKilobytes(_ field: String) throws -> Int {
    let status = String(decoding: try FilePath("/proc/self/status").readAll(), as: UTF8.self)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field + ":") })
    return try #require(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) })
}
