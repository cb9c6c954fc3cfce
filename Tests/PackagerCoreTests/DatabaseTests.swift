import FileSystem
import GRDB
import ImageAssembler
import OCI
import SystemPackage
import Testing

@testable import PackagerCore

@Suite struct DatabaseTests {
    @Test func manyProcessesMayOpenANewDirectoryAtOnce() async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { directory in
            let state = StateDirectory(directory.appending("new"))
            let opened = try await withThrowingTaskGroup(of: PackagerDatabase.self) { group in
                for _ in 0..<8 { group.addTask { try await PackagerDatabase(in: state) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            var connection = Connection(id: "a", spec: .init(type: "docker", uri: "r.example"))
            connection.spec.password = "secret"
            #expect(try await opened[0].insert(connection))
            for database in opened {
                #expect(try await database.connection("a")?.spec.password == "secret")
                try database.close()
            }
            #expect(try state.path.entries().filter { $0.string.hasPrefix(".secret") }.isEmpty)
        }
    }

    @Test func aDatabaseOfANewerVersionIsLeftAlone() async throws {
        try await withService { service in
            try await service.database.write { try $0.execute(sql: "PRAGMA user_version = 99") }
            let error = await refusal { _ = try await service.reopened() }
            #expect(error?.kind == .unusableState && error?.message.contains("newer version") == true)
        }
    }

    @Test func aDamagedDatabaseIsSaid() async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { directory in
            try directory.appending("packager.db").writeAtomically(Array(repeating: 7, count: 8192))
            let error = await refusal { _ = try await PackagerDatabase(in: StateDirectory(directory)) }
            #expect(error?.kind == .unusableState && error?.message.contains("packager.db is damaged") == true)
        }
    }

    @Test func aKeyOfTheWrongLengthIsSaid() async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { directory in
            try directory.appending("secret.key").writeAtomically([1, 2, 3])
            let error = await refusal { _ = try await PackagerDatabase(in: StateDirectory(directory)) }
            #expect(error?.message.contains("has 3 bytes in place of 32") == true)
        }
    }

    @Test func layersAreFoundByTheirKeyAndReplaced() async throws {
        try await withService { service in
            let index: any LayerIndex = service.database
            func layer(_ name: String) -> Layer {
                let digest = Digest.sha256(of: name.utf8)
                return Layer(
                    name: name,
                    descriptor: Descriptor(mediaType: .ociLayerGzip, digest: digest, size: 7),
                    diffID: digest
                )
            }
            #expect(try await index.layers(for: "key") == nil)
            try await index.record([layer("a"), layer("b")], for: "key")
            #expect(try await index.layers(for: "key") == [layer("a"), layer("b")])
            try await index.record([layer("c")], for: "key")
            #expect(try await index.layers(for: "key") == [layer("c")])
        }
    }
}
