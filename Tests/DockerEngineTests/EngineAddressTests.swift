import SystemPackage
import Testing
import Transfer

@testable import DockerEngine

@Suite struct EngineAddressTests {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("/run/user/1000/docker.sock", "unix:///run/user/1000/docker.sock"),
        ("tcp://build.test", "tcp://build.test:2375"),
        ("tcp://build.test:1234/", "tcp://build.test:1234"),
        ("http://127.0.0.1:2375", "tcp://127.0.0.1:2375"),
        ("tcp://[::1]", "tcp://[::1]:2375"),
        ("tcp://[::1]:4000", "tcp://[::1]:4000"),
    ])
    func isReadAsDockerReadsIt(text: String, address: String) throws {
        #expect(try EngineAddress(text, environment: [:]).description == address)
    }

    @Test(arguments: [
        "", "unix://", "unix:///", "docker.sock", "ssh://build.test", "npipe:////./pipe/docker_engine", "tcp://",
        "tcp://user@host:1", "tcp://host:1/path", "tcp://host name", "/" + String(repeating: "a", count: 200),
    ])
    func whatIsNoneIsRefused(text: String) throws {
        let error = #expect(throws: EngineError.self) { try EngineAddress(text, environment: [:]) }
        #expect(error?.code == .invalidAddress)
        #expect(error?.description.contains("unix:///var/run/docker.sock") == true)
    }

    @Test(arguments: [
        (["DOCKER_CERT_PATH": "/certs"], "/certs"),
        (["DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs"], "/certs"),
        (["DOCKER_TLS_VERIFY": "1", "HOME": "/home/ann"], "/home/ann/.docker"),
    ])
    func certificatesMeanTLS(environment: [String: String], directory: String) throws {
        let address = try EngineAddress("tcp://build.test", environment: environment)
        guard case .tcp("build.test:2376", let identity?) = address.transport else {
            Issue.record("\(address.transport)")
            return
        }
        #expect(identity.certificate == FilePath(directory).appending("cert.pem"))
        #expect(identity.key == FilePath(directory).appending("key.pem"))
        #expect(identity.authorities == FilePath(directory).appending("ca.pem"))
    }

    @Test func httpsWithoutCertificatesSaysWhatIsMissing() throws {
        let error = #expect(throws: EngineError.self) { try EngineAddress("https://build.test", environment: [:]) }
        #expect(error?.description.contains("DOCKER_CERT_PATH") == true)
        #expect(throws: Never.self) { try EngineAddress("unix:///d", environment: ["DOCKER_TLS_VERIFY": "1"]) }
    }
}
