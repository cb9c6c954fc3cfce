import FileSystem
import SystemPackage
import Testing
import Transfer

@testable import Registry

@Suite struct CredentialTests {
    @Test(arguments: [
        (#"{"auths": {"https://index.docker.io/v1/": {"auth": "dTpwOnE="}}}"#, "docker.io", "library/x", "u:p:q"),
        (#"{"auths": {"h:5000": {"username": "u", "password": "p"}}}"#, "h:5000", "x", "u:p"),
        (#"{"auths": {"https://h/v2/": {"auth": "dTpw"}}}"#, "h", "x", "u:p"),
        (#"{"auths": {"h/a/b": {"auth": "dTpw"}, "h": {"auth": "dTpxCg=="}}}"#, "h", "a/b/c", "u:p"),
        (#"{"auths": {"h": {"auth": "dTpw"}}, "credsStore": "of-another-machine"}"#, "h", "x", "u:p"),
        (#"{"auths": {"h": {"auth": "", "identitytoken": "it"}}}"#, "h", "x", "it"),
        (#"{"auths": {"h": {}}}"#, "h", "x", nil),
        (#"{"auths": {"other": {"auth": "dTpw"}}}"#, "h", "x", nil),
        ("{}", "h", "x", nil),
    ])
    func readsDockersFile(text: String, host: String, repository: String, expected: String?) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            let file = directory.appending("auth.json")
            try file.writeAtomically(Array(text.utf8))
            let store = DockerCredentials(environment: ["REGISTRY_AUTH_FILE": file.string, "PATH": "/nowhere"])
            let found = try await store.credential(host: host, repository: repository)
            let secret: String? =
                switch found?.secret {
                case .password(let user, let password): user + ":" + password
                case .identityToken(let token), .accessToken(let token): token
                case nil: nil
                }
            #expect(secret == expected)
            #expect(found == nil || found?.source == file.string)
        }
    }

    @Test(arguments: ["not JSON", #"{"auths": {"h": {"auth": "AAAA"}}}"#, #"{"credHelpers": {"h": "absent"}}"#])
    func namesFilesThatCannotBeRead(text: String) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            try directory.appending("config.json").writeAtomically(Array(text.utf8))
            let store = DockerCredentials(environment: ["DOCKER_CONFIG": directory.string, "PATH": "/nowhere"])
            await expectError(.credentials) { try await store.credential(host: "h", repository: "x") }
        }
    }

    @Test(arguments: [
        (
            ["Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:a:pull,push\""],
            [["realm": "https://a/t", "service": "s", "scope": "repository:a:pull,push"]]
        ),
        (["bearer realm=https://a/t , Service=s"], [["realm": "https://a/t", "service": "s"]]),
        (["Basic realm=\"a \\\"b\\\"\", Bearer realm=\"x\""], [["realm": "a \"b\""], ["realm": "x"]]),
        (["Negotiate", "Basic realm=x"], [[:], ["realm": "x"]]),
        (["", ",,", "=", "Basic realm=\"never closed"], [["realm": "never closed"]]),
    ])
    func parsesChallenges(values: [String], expected: [[String: String]]) {
        #expect(AuthenticationChallenge.parse(values).map(\.parameters) == expected)
    }

    @Test(arguments: [
        ("https://r.example/v2/", "https://auth.example/t", true),
        ("https://r.example/v2/", "http://auth.example/t", false),
        ("https://r.example/v2/", "https://10.0.0.1/t", false),
        ("https://r.example/v2/", "https://169.254.169.254/t", false),
        ("https://r.example/v2/", "https://[fd00::1]/t", false),
        ("https://r.example/v2/", "https://localhost/t", false),
        ("https://10.0.0.1/v2/", "https://10.0.0.2/t", true),
        ("http://r.example/v2/", "http://auth.example/t", true),
        ("https://r.example/v2/", "https://user:password@auth.example/", false),
        ("https://r.example/v2/", "", false),
    ])
    func sendsCredentialsToSafeRealmsOnly(base: String, realm: String, isSafe: Bool) throws {
        let challenge = AuthenticationChallenge(scheme: "bearer", parameters: realm.isEmpty ? [:] : ["realm": realm])
        let make = {
            try TokenService(challenge, host: RegistryHost("r.example"), base: HTTPURL(base), http: HTTPClient())
        }
        if isSafe { _ = try make() } else { #expect(throws: RegistryError.self) { try make() } }
    }

    @Test func knowsDockerHub() {
        let hub = RegistryHost("index.docker.io")
        #expect(hub.name == "docker.io")
        #expect(hub.endpoint == "registry-1.docker.io")
        #expect(hub.repository("python") == "library/python")
        #expect(hub.repository("team/app") == "team/app")
        #expect(RegistryHost("ghcr.io").repository("app") == "app")
        #expect(RegistryHost("[::1]:5000").isLoopback)
        #expect(!RegistryHost("localhost.example:5000").isLoopback)
    }
}
