import FileSystem
import OCI
import SystemPackage
import Testing

@testable import PackagerCore

@Suite("Versions under one name")
struct ArtifactVersionTests {
    /// Version `n` holds the byte `n`.
    private func upload(_ count: Int, _ name: String = "wine.zip", to service: PackagerService) async throws {
        for number in 1...count {
            let info = try await service.artifacts.put(name, description: "v\(number)", chunks([[UInt8(number)]]))
            #expect(info.version == number && info.isDefault && info.versions == Array(1...number))
        }
    }

    @Test func `An upload makes a version and loses none`() async throws {
        try await withService { service in
            try await upload(3, to: service)
            for number in 1...3 {
                let info = try await service.artifacts.info("wine.zip@\(number)")
                #expect(try info.path.readAll() == [UInt8(number)] && info.description == "v\(number)")
                #expect(info.digest == .sha256(of: [UInt8(number)]))
            }
            #expect(try await service.artifacts.versions(of: "wine.zip").map(\.version) == [1, 2, 3])
            #expect(try await service.artifacts.list().map(\.version) == [3])
            let aside = try await service.artifacts.put("wine.zip", becomesDefault: false, chunks([[4]]))
            #expect(aside.version == 4 && aside.defaultVersion == 3)
            #expect(try await service.artifacts.info("wine.zip").version == 3)
        }
    }

    @Test func `The same bytes again are the same version`() async throws {
        try await withService { service in
            try await upload(2, to: service)
            let again = try await service.artifacts.put("wine.zip", chunks([[2]]))
            #expect(again.version == 2 && again.versions == [1, 2] && again.description == "v2")
            _ = try await service.artifacts.setDefault("wine.zip", to: 1)
            let described = try await service.artifacts.put("wine.zip", description: "new", chunks([[2]]))
            #expect(described.description == "new" && described.isDefault)
            // What an older version holds is new after a newer one.
            #expect(try await service.artifacts.put("wine.zip", chunks([[1]])).version == 3)
            #expect(try service.artifacts.ingest.entries().isEmpty)
        }
    }

    @Test func `The default is a pointer`() async throws {
        try await withService { service in
            try await upload(3, to: service)
            #expect(try await service.artifacts.setDefault("wine.zip", to: 1).version == 1)
            #expect(try await service.artifacts.info("wine.zip").description == "v1")
            let missing = await refusal { _ = try await service.artifacts.setDefault("wine.zip", to: 7) }
            #expect(
                missing == ServiceError(.notFound, "artifact \"wine.zip\" has no version 7 (it has 1, 2, 3)")
            )
            let onVersion = await refusal { _ = try await service.artifacts.setDefault("wine.zip@2", to: 1) }
            #expect(onVersion?.kind == .invalid)
            // Where the default goes, the newest that is left takes its place.
            try await service.artifacts.delete("wine.zip@1")
            #expect(try await service.artifacts.info("wine.zip").version == 3)
            try await service.artifacts.delete("wine.zip@3")
            let left = try await service.artifacts.info("wine.zip")
            #expect(left.version == 2 && left.versions == [2])
        }
    }

    @Test func `A number is given once`() async throws {
        try await withService { service in
            try await upload(2, to: service)
            try await service.artifacts.delete("wine.zip@2")
            #expect(try await service.artifacts.put("wine.zip", chunks([[9]])).version == 3)
            try await service.artifacts.delete("wine.zip@1")
            try await service.artifacts.delete("wine.zip@3")
            #expect(await refusal { _ = try await service.artifacts.info("wine.zip") }?.kind == .notFound)
        }
    }

    @Test(
        arguments: [
            ("wine@2", "wine", 2), ("a@b@10", "a@b", 10), ("wine@", nil, nil), ("wine@2a", nil, nil), ("@2", nil, nil),
            ("wine", nil, nil), ("wine@99999999999999999999", nil, nil), ("wine@-1", nil, nil),
            ("wine@2.zip", nil, nil),
        ] as [(String, String?, Int?)]
    )
    func `A reference names a version`(text: String, name: String?, version: Int?) {
        #expect(ArtifactReference(text)?.name == name && ArtifactReference(text)?.version == version)
    }

    @Test func `A name of earlier times that looks like a version is still a name`() async throws {
        try await withService { service in
            try await upload(2, to: service)
            try service.artifacts.directory.appending("wine.zip@2").writeAtomically([7])
            #expect(try await service.artifacts.info("wine.zip@2").name == "wine.zip@2")
            #expect(try await service.artifacts.info("wine.zip@1").name == "wine.zip")
            let refused = await refusal { _ = try await service.artifacts.put("beer@1", chunks([[1]])) }
            #expect(refused?.kind == .invalid && refused?.message.contains("upload to \"beer\"") == true)
        }
    }

    @Test func `A file put into place by hand is the newest version and the default`() async throws {
        try await withService { service in
            try await upload(2, to: service)
            let path = service.artifacts.directory.appending("wine.zip")
            try path.writeAtomically([7])
            let seen = try await service.artifacts.info("wine.zip")
            #expect(seen.version == 3 && seen.path == path && seen.versions == [1, 2, 3])
            // An upload comes after it.
            let next = try await service.artifacts.put("wine.zip", chunks([[8]]))
            #expect(next.version == 4 && next.isDefault)
            #expect(try await service.artifacts.info("wine.zip@3").path.readAll() == [7])
            #expect(try await service.artifacts.describe("wine.zip@3", "by hand").description == "by hand")
            // Replaced by hand again, it keeps its number and nothing that was said of it.
            try path.writeAtomically([9, 9])
            let replaced = try await service.artifacts.info("wine.zip@3")
            #expect(replaced.size == 2 && replaced.description == nil)
            #expect(try await service.artifacts.digest(of: "wine.zip@3") == .sha256(of: [9, 9]))
            #expect(try await service.artifacts.info("wine.zip@3").digest == .sha256(of: [9, 9]))
        }
    }

    @Test func `What a job may read stays`() async throws {
        try await withService { service in
            try await upload(3, to: service)
            _ = try await service.create(.sample())
            let message = "is in use by model packaging \"wine\": wait until it has ended, or delete it first"
            // It waits for the default, and for that alone.
            for artifact in ["wine.zip", "wine.zip@3"] {
                let refused = await refusal { try await service.artifacts.delete(artifact) }
                #expect(refused == ServiceError(.conflict, "artifact \"\(artifact)\" \(message)"))
            }
            try await service.artifacts.delete("wine.zip@1")
            let job = try #require(try await service.database.claimJob(lasting: 60))
            // Once it runs, the default may be another than the one it has found.
            _ = try await service.artifacts.put("wine.zip", chunks([[4]]))
            for version in [2, 3, 4] {
                let refused = await refusal { try await service.artifacts.delete("wine.zip@\(version)") }
                #expect(refused?.kind == .conflict)
            }
            #expect(try await service.database.finish(job) { $0.state = .succeeded })
            try await service.artifacts.delete("wine.zip")
            #expect(await refusal { try await service.artifacts.delete("wine.zip") }?.kind == .notFound)
        }
    }

    @Test func `A packaging names a version`() async throws {
        try await withService { service in
            try await upload(2, to: service)
            var packaging = ModelPackaging.sample()
            packaging.spec.artifactName = "wine.zip@1"
            _ = try await service.create(packaging)
            let request = try await service.request(for: packaging)
            #expect(try request.artifact.path.readAll() == [1] && request.artifact.name == "wine.zip")
            #expect(request.fallbackName == "wine")
            #expect(request.artifact == .archive(request.artifact.path, digest: .sha256(of: [1])))
            #expect(await refusal { try await service.artifacts.delete("wine.zip@1") }?.kind == .conflict)
            try await service.artifacts.delete("wine.zip@2")

            packaging.spec.artifactName = "wine.zip@5"
            let refused = await refusal { _ = try await service.update(packaging) }
            #expect(
                refused?.message.hasSuffix(
                    "artifact \"wine.zip\" has no version 5 (it has 1) in connection \"artifacts\": upload it first, or correct spec.artifactName"
                ) == true
            )
            // The same store under another connection's name.
            let mine = Connection(id: "mine", spec: .init(type: "file", uri: "artifacts"))
            _ = try await service.create(WireConnection(received: mine))
            packaging.spec.artifactName = "wine.zip"
            packaging.spec.outputConnection = "mine"
            #expect(try await service.request(for: packaging).artifact.path.readAll() == [1])
        }
    }
}
