import FileSystem
import FoundationEssentials
import JSON
import SystemPackage
import Testing

@testable import Registry

@Suite struct LoginTests {
    @Test(arguments: [
        (RegistryCredential.Secret.password(user: "ann", "p:q"), "h:5000"), (.identityToken("it"), "h"),
        (.password(user: "ann", "p"), "docker.io"),
    ])
    func whatIsStoredIsFoundAndForgotten(secret: RegistryCredential.Secret, host: String) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            let file = directory.appending("new/config.json")
            let login = RegistryLogin(file: file, environment: [:])
            #expect(try await !login.erase(host))
            try await login.store(RegistryCredential(secret, source: "test"), for: host)
            let store = DockerCredentials(file: file, environment: [:])
            #expect(try await store.credential(host: host, repository: "a/b")?.secret == secret)
            // Nobody else reads it.
            #expect(try FileIdentity(of: file).mode & 0o777 == 0o600)
            #expect(try await login.erase(host))
            #expect(try await store.credential(host: host, repository: "a/b") == nil)
            #expect(try await !login.erase(host))
        }
    }

    @Test func whatElseIsInTheFileStays() async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            let file = directory.appending("config.json")
            try file.writeAtomically(Array(#"{"auths":{"other":{"auth":"YTpi"}},"proxies":{"a":1}}"#.utf8))
            let login = RegistryLogin(file: file, environment: [:])
            try await login.store(RegistryCredential(user: "u", password: "p", source: "test"), for: "h")
            let document: JSONValue = try CanonicalJSON.decode(from: Data(file.readAll()))
            #expect(document["proxies"] == ["a": 1] && document["auths"]?["other"] == ["auth": "YTpi"])
            try file.writeAtomically(Array("[]".utf8))
            await expectError(.credentials, saying: "not a JSON object") {
                try await login.store(RegistryCredential(user: "u", password: "p", source: "test"), for: "h")
            }
        }
    }

    /// The secret goes into the helper and not into the file.
    @Test(arguments: [#"{"credsStore":"test"}"#, #"{"credHelpers":{"h":"test"}}"#])
    func helpersKeepWhatTheyAreGiven(configuration: String) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            let program = directory.appending("docker-credential-test")
            let script = """
                #!/bin/sh
                case $1 in
                store) cat > \(directory)/kept ;;
                get) [ -e \(directory)/kept ] && cat \(directory)/kept || { echo "credentials not found"; exit 1; } ;;
                erase) rm \(directory)/kept ;;
                esac

                """
            try program.writeAtomically(Array(script.utf8), permissions: .ownerReadWriteExecute)
            let file = directory.appending("config.json")
            try file.writeAtomically(Array(configuration.utf8))
            let environment = ["PATH": "\(directory):/usr/bin:/bin"]
            let login = RegistryLogin(file: file, environment: environment)
            try await login.store(RegistryCredential(user: "ann", password: "hush", source: "test"), for: "h")
            #expect(!String(decoding: try file.readAll(), as: UTF8.self).contains("hush"))
            let store = DockerCredentials(file: file, environment: environment)
            #expect(try await store.credential(host: "h", repository: "x")?.secret == .password(user: "ann", "hush"))
            #expect(try await login.erase("h"))
            #expect(!directory.appending("kept").exists)
        }
    }
}
