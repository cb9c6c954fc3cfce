import Archive
import FileSystem
import ImageAssembler
import Logging
import OCI
import SystemPackage
import Testing

@testable import PackagerCore

/// What stands for an artifact: an archive is unpacked, a directory is taken as it is, and so is a single model file.
struct UnpackedArtifactTests {
    private static let models = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures/models")

    private func unpacked(_ artifact: PackagingRequest.Artifact, in directory: FilePath) -> UnpackedArtifact {
        UnpackedArtifact(artifact, in: directory.appending("work"), limits: ArchiveLimits(), logger: quiet)
    }

    /// Some of them are zips, or compressed, and stay what they are.
    @Test(arguments: [
        ("no_batch.onnx", "model.onnx"), ("traced.pt", "net.pt"), ("exported.pt2", "net.pt2"),
        ("classifier.skops", "model.skops"), ("classifier.pkl", "model.pkl"),
        ("classifier_gzip.joblib", "model.joblib"),
        ("classifier_xz.joblib", "model.pkl.xz"), ("xgboost.ubj", "trees"),
    ])
    func aModelFileIsTheWholeArtifact(fixture: String, name: String) async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "core") { directory in
            let file = directory.appending(name)
            let content = try Self.models.appending(fixture).readAll()
            try file.writeAtomically(content)
            let artifact = unpacked(.archive(file, digest: nil), in: directory)
            #expect(try await artifact.modelFile() == name)
            #expect(try await artifact.digest() == Digest.sha256(of: content))
            let root = try await artifact.root()
            #expect(root != directory && root.starts(with: directory.appending("work")))
            #expect(try root.entries().map(\.string) == [name])
            #expect(try root.appending(name).readAll() == content)
            // A second asker gets the same files.
            #expect(try await artifact.root() == root)
        }
    }

    @Test func anArchiveIsUnpackedThoughItHoldsOneFile() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "core") { directory in
            let archive = directory.appending("model.onnx")
            let store = try await OCILayout.open(directory.appending("store"))
            let entry = LayerEntry(path: "net.onnx", kind: .bytes([8, 10], executable: false))
            let tar = try await LayerWriter(store: store).write([entry], name: "artifact", compression: .stored)
            try store.path(of: tar.descriptor.digest).rename(to: archive)
            let artifact = unpacked(.archive(archive, digest: nil), in: directory)
            #expect(try await artifact.modelFile() == nil)
            #expect(try await artifact.root().entries().map(\.string) == ["net.onnx"])
        }
    }

    @Test func whatIsNeitherIsRefusedAsAnArchive() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "core") { directory in
            let file = directory.appending("model.txt")
            try file.writeAtomically("just text".utf8)
            let artifact = unpacked(.archive(file, digest: nil), in: directory)
            #expect(try await artifact.modelFile() == nil)
            let error = await #expect(throws: ArchiveError.self) { _ = try await artifact.root() }
            #expect(error?.code == .notAnArchive && error?.description.contains("model.txt") == true)
        }
    }

    @Test func aDirectoryStaysWhereItIs() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "core") { directory in
            let artifact = unpacked(.directory(directory), in: directory)
            let root = try await artifact.root()
            #expect(root == directory)
            #expect(try await artifact.modelFile() == nil)
            #expect(try await artifact.digest() == nil)
            #expect(try directory.entries().isEmpty)
        }
    }
}
