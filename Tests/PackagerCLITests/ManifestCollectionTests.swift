import FileSystem
import JSON
import SystemPackage
import Testing

@testable import PackagerCLI

@Suite("Manifests of a local run")
struct ManifestCollectionTests {
    @Test func filesAndDirectoriesTogether() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "manifests") { directory in
            let folder = directory.appending("folder")
            try folder.appending("below").createDirectories()
            try directory.appending("pack.yaml").writeAtomically("{kind: ModelPackaging, id: wine}\n".utf8)
            try folder.appending("conn.json").writeAtomically(#"[{"kind": "Connection", "id": "ci"}]"#.utf8)
            // What is no manifest of ours is passed over in a directory.
            try folder.appending("broken.yaml").writeAtomically("kind: [\n".utf8)
            try folder.appending("training.yaml").writeAtomically("kind: ModelTraining\n".utf8)
            try folder.appending("notes.txt").writeAtomically("kind: Connection\n".utf8)
            try folder.appending("below/more.yaml").writeAtomically("{kind: Connection, id: deep}\n".utf8)
            let all = try ManifestCollection(files: [directory.appending("pack.yaml")], directories: [folder])
            #expect(all.manifests.map(\.name) == ["ModelPackaging wine", "Connection ci"])
            #expect(all.find(ConnectionKind.self, "ci")?.file == folder.appending("conn.json"))
            #expect(all.find(PackagingKind.self, "ci") == nil)
            #expect(all.ids(PackagingKind.self) == ["wine"])
        }
    }

    @Test func anEntityThatIsThereTwiceIsNamed() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "manifests") { directory in
            let paths = ["a.yaml", "b.yaml"].map { directory.appending($0) }
            for path in paths { try path.writeAtomically("{kind: Connection, id: ci}\n".utf8) }
            let error = #expect(throws: CommandError.self) { try ManifestCollection(files: paths, directories: []) }
            #expect(error?.description == "Connection ci is both in \(paths[0]) and in \(paths[1]); leave one out")
        }
    }

    @Test func aFileHasToBeInOrder() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "manifests") { directory in
            let path = directory.appending("a.yaml")
            try path.writeAtomically("kind: ModelTraining\n".utf8)
            #expect(throws: CommandError.self) { try ManifestCollection(files: [path], directories: []) }
            #expect(throws: CommandError.self) {
                try ManifestCollection(files: [], directories: [directory.appending("none")])
            }
        }
    }
}
