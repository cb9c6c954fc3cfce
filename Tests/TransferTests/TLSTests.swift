import FileSystem
import HTTPTypes
import Subprocess
import SystemPackage
import Testing
import Transfer

/// Against OpenSSL's own server with a certificate that nobody signed.
@Suite struct TLSTests {
    @Test func trustsOnlyKnownAuthorities() async throws {
        try await withServer { port, certificate in
            let url = "https://localhost:\(port)/"
            await expectError(.certificate, saying: "localhost:\(port) has a certificate that is not trusted") {
                try await HTTPClient().send(TransferRequest(url: url))
            }
            var configuration = HTTPClient.Configuration()
            configuration.caBundle = certificate
            let response = try await HTTPClient(configuration: configuration).send(TransferRequest(url: url))
            #expect(response.head.status.code == 200)
            var careless = HTTPClient.Configuration()
            careless.verifiesCertificates = false
            #expect(
                try await HTTPClient(configuration: careless).send(TransferRequest(url: url)).head.status.code == 200
            )
        }
    }

    /// As a Docker engine asks for certificates, with authorities of its own.
    @Test func showsItsCertificateToWhoAsks() async throws {
        try await withServer(asksForCertificates: true) { port, certificate in
            var request = TransferRequest(url: "https://localhost:\(port)/")
            let client = try HTTPClient()
            request.identity = TLSIdentity(
                certificate: certificate,
                key: certificate.removingLastComponent().appending("key.pem"),
                authorities: certificate
            )
            #expect(try await client.send(request).head.status.code == 200)
            request.identity?.key = certificate
            await expectError(.tls, saying: "client's certificate") { [request] in try await client.send(request) }
            request.identity = nil
            var configuration = HTTPClient.Configuration()
            configuration.caBundle = certificate
            let stranger = try HTTPClient(configuration: configuration)
            do {
                _ = try await stranger.send(request)
                Issue.record("no error")
            } catch is TransferError {}
        }
    }

    @Test func tellsTLSFromPlainHTTP() async throws {
        try await withServer { port, _ in
            do {
                _ = try await HTTPClient().send(TransferRequest(url: "http://localhost:\(port)/"))
                Issue.record("no error")
            } catch let error as TransferError {
                #expect([.connectionReset, .plainToTLSPort].contains(error.code), "\(error)")
                #expect(error.code != .connectionReset || error.description.contains("https"), "\(error)")
            }
        }
        try await TestServer.with { _, connection in
            try connection.respond(200)
        } body: { server in
            await expectError(.tlsToPlainPort, saying: "plain HTTP") {
                try await HTTPClient().send(TransferRequest(url: "https://\(server.address)/"))
            }
        }
    }

    private func withServer(
        asksForCertificates: Bool = false,
        _ body: (Int, FilePath) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            let certificate = directory.appending("certificate.pem")
            let key = directory.appending("key.pem")
            let made = try await run(
                .name("openssl"),
                arguments: [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", key.string, "-out", certificate.string,
                ],
                output: .discarded
            )
            #expect(made.terminationStatus.isSuccess)
            let port = try await TestServer.with({ _, _ in }, body: { $0.port })
            let verification = ["-Verify", "1", "-verify_return_error", "-CAfile", certificate.string]
            let flags = [
                "s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate.string, "-key", key.string, "-www",
                "-quiet",
            ]
            _ = try await run(
                .name("openssl"),
                arguments: Arguments(flags + (asksForCertificates ? verification : [])),
                input: .none,
                output: .discarded,
                error: .discarded
            ) { execution in
                defer { try? execution.send(signal: .terminate) }
                try await waitForListener(port)
                try await body(port, certificate)
            }
        }
    }

    private func waitForListener(_ port: Int) async throws {
        for _ in 0..<500 {
            do {
                _ = try await HTTPClient().send(TransferRequest(url: "http://127.0.0.1:\(port)/"))
                return
            } catch let error as TransferError where error.code == .refused {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                return
            }
        }
        Issue.record("the server does not start")
    }
}
