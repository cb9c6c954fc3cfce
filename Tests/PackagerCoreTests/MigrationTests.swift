import FileSystem
import GRDB
import OCI
import SystemPackage
import Testing

@testable import PackagerCore

@Suite struct MigrationTests {
    /// A data directory as the version before artifacts had versions has left it.
    private func withEarlierState(_ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { data in
            let artifacts = data.appending("artifacts")
            try artifacts.createDirectories()
            try artifacts.appending("wine.zip").writeAtomically([1, 2, 3])
            try artifacts.appending("by-hand.zip").writeAtomically([4])
            let identity = try FileIdentity(of: artifacts.appending("wine.zip"))
            let queue = try DatabaseQueue(path: data.appending("packager.db").string)
            try await queue.write { database in
                for step in Migration.steps.prefix(2) { try database.execute(sql: step) }
                try database.execute(sql: "PRAGMA user_version = 2")
                for name in ["wine.zip", "removed.zip"] {
                    try database.execute(
                        sql:
                            "INSERT INTO artifact (name, identity, digest, created, description) VALUES (?, ?, ?, ?, ?)",
                        arguments: [
                            name, try encodeText(identity), Digest.sha256(of: [1, 2, 3]).description,
                            "2026-01-02T03:04:05.678Z", "the first",
                        ]
                    )
                }
            }
            try queue.close()
            try await body(data)
        }
    }

    @Test func artifactsOfAnEarlierVersionAreFirstVersions() async throws {
        try await withEarlierState { data in
            let service = try await PackagerService(
                PackagerConfiguration(data: data),
                integrations: [SampleIntegration()]
            )
            #expect(try await service.artifacts.list().map(\.name) == ["by-hand.zip", "wine.zip"])
            let info = try await service.artifacts.info("wine.zip")
            #expect(info.version == 1 && info.isDefault && info.description == "the first")
            #expect(info.digest == .sha256(of: [1, 2, 3]) && info.path == data.appending("artifacts/wine.zip"))
            #expect(RFC3339.format(info.createdAt) == "2026-01-02T03:04:05.678Z")

            let next = try await service.artifacts.put("wine.zip", chunks([[5]]))
            #expect(next.versions == [1, 2] && next.isDefault)
            #expect(try await service.artifacts.info("wine.zip@1").path.readAll() == [1, 2, 3])
            _ = try await service.create(.sample())
            #expect(try await service.request(for: .sample()).artifact.path.readAll() == [5])
            try service.close()
        }
    }
}
