import FileSystem
import FoundationEssentials
import OCI
import Registry
import SystemPackage
import Testing
import Transfer

/// Against CNCF Distribution.
@Suite struct RealRegistryTests {
    @Test func pushesPullsSkipsAndMounts() async throws {
        try await RegistryProcess.with { registry in
            let client = try client()
            let first = try client.repository(for: ImageReference(parsing: "\(registry.address)/team/first"))
            let (config, configBytes) = blob("{}")
            let (layer, layerBytes) = blob((0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) })
            #expect(try await !first.contains(layer))
            try await first.put(config, .bytes(configBytes))
            try await first.put(layer, stream(layerBytes))
            #expect(try await first.contains(layer))
            var wrong = layer
            wrong.size += 1
            #expect(try await !first.contains(wrong))
            let stored = try manifest(config: config, layers: [layer])
            try await first.put(stored, tag: "1")
            try await first.put(stored, tag: nil)

            #expect(try await first.manifest(.tag("1")) == stored)
            #expect(try await first.manifest(.digest(stored.descriptor.digest)) == stored)
            let pulled = try await bytes(of: first.blob(layer))
            #expect(pulled == layerBytes)
            #expect(try await first.smallBlob(config) == Data("{}".utf8))

            let second = try client.repository(for: ImageReference(parsing: "\(registry.address)/team/second"))
            #expect(try await second.mount(layer, from: first.origin))
            #expect(try await second.contains(layer))
            let (absent, absentBytes) = blob("not in the first one")
            #expect(try await !second.mount(absent, from: first.origin))
            try await second.put(absent, .bytes(absentBytes))
            #expect(try await second.contains(absent))
            #expect(try await !second.mount(layer, from: .registry(host: "elsewhere", repository: "x")))

            let requests = try registry.requests()
            #expect(requests.filter { $0.hasPrefix("POST /v2/team/second/blobs/uploads/") }.count == 2, "\(requests)")
            #expect(requests.filter { $0 == "GET /v2/" }.count == 2)
        }
    }

    @Test func putsFilesAndRefusesWrongContent() async throws {
        try await RegistryProcess.with { registry in
            let repository = try repository("\(registry.address)/files")
            try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
                let path = directory.appending("layer")
                let (layer, bytes) = blob([UInt8](repeating: 9, count: 2_000_000))
                try path.writeAtomically(bytes)
                try await repository.put(layer, .file(path))
                #expect(try await repository.contains(layer))

                let (other, _) = blob([UInt8](repeating: 8, count: 2_000_000))
                await expectError(.rejected, saying: "DIGEST_INVALID") {
                    try await repository.put(other, .file(path))
                }
                #expect(try await !repository.contains(other))
                let (longer, _) = blob([UInt8](repeating: 9, count: 2_000_001))
                await expectError(.badContent, saying: "changed while it was read") {
                    try await repository.put(longer, .file(path))
                }
                let requests = try registry.requests()
                #expect(requests.contains { $0.hasPrefix("DELETE /v2/files/blobs/uploads/") }, "\(requests)")
            }
        }
    }

    @Test func saysWhatIsNotThere() async throws {
        try await RegistryProcess.with { registry in
            let repository = try repository("\(registry.address)/none")
            await expectError(.notFound, saying: "there is no image \(registry.address)/none:1") {
                try await repository.manifest(.tag("1"))
            }
            await expectError(.notFound) { try await repository.blob(blob("x").0) }
            let stored = try manifest(config: blob("absent").0, layers: [])
            let error = await expectError(.rejected) { try await repository.put(stored, tag: "1") }
            #expect(error?.diagnostics.first?.code == "MANIFEST_BLOB_UNKNOWN")
        }
    }

    @Test func authenticatesWithAPassword() async throws {
        try await RegistryProcess.with(users: ["wine": "pass:word"]) { registry in
            let name = "\(registry.address)/private"
            let (layer, bytes) = blob("secret content")
            await expectError(.unauthorized, saying: "registry \(registry.address) wants credentials") {
                try await repository(name).put(layer, .bytes(bytes))
            }
            let wrong = RegistryCredential(user: "wine", password: "no", source: "connection \"prod\"")
            let refused = await expectError(.unauthorized, saying: "the credentials from connection \"prod\"") {
                try await repository(name, credentials: StaticCredentials([registry.address: wrong])).contains(layer)
            }
            #expect(refused?.description.contains("wine") == false)
            let right = RegistryCredential(user: "wine", password: "pass:word", source: "a connection")
            let team = try repository(name, credentials: StaticCredentials([registry.address: right]))
            try await team.put(layer, stream(bytes))
            #expect(try await team.contains(layer))
        }
    }

    @Test func authenticatesWithACredentialHelper() async throws {
        try await RegistryProcess.with(users: ["wine": "password"]) { registry in
            try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
                let script = """
                    #!/bin/sh
                    [ "$1" = get ] || exit 1
                    [ "$(cat)" = \(registry.address) ] || { echo credentials not found in native keychain; exit 1; }
                    echo '{"ServerURL": "", "Username": "wine", "Secret": "password"}'
                    """
                let helper = directory.appending("docker-credential-test")
                try helper.writeAtomically(Array(script.utf8), permissions: .ownerReadWriteExecute)
                for configuration in [
                    #"{"credHelpers": {"\#(registry.address)": "test"}}"#, #"{"credsStore": "test"}"#,
                ] {
                    try directory.appending("config.json").writeAtomically(Array(configuration.utf8))
                    let store = DockerCredentials(environment: [
                        "DOCKER_CONFIG": directory.string, "PATH": "\(directory):/usr/bin:/bin",
                    ])
                    let repository = try repository("\(registry.address)/a", credentials: store)
                    #expect(try await !repository.contains(blob("x").0))
                    #expect(try await store.credential(host: "other.example", repository: "x") == nil)
                }
            }
        }
    }

    @Test func pushesManyBlobsAtOnce() async throws {
        try await RegistryProcess.with { registry in
            let repository = try repository("\(registry.address)/many")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let (layer, content) = blob([UInt8](repeating: UInt8(number), count: 300_000))
                        try await repository.put(layer, stream(content))
                        let stored = try await bytes(of: repository.blob(layer))
                        #expect(stored == content)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try registry.requests().filter { $0 == "GET /v2/" }.count == 2)
        }
    }
}
