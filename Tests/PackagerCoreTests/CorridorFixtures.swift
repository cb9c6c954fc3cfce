import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage

@testable import PackagerCore

/// An image without layers.
func makeBase(in store: OCILayout) async throws {
    let repository = try store.repository(ImageReference(parsing: "base"))
    let configuration = ImageConfiguration(
        platform: .host,
        execution: .init(),
        diffIDs: [],
        history: nil,
        created: "1970-01-01T00:00:00Z"
    )
    let bytes = Array(try CanonicalJSON.encode(configuration))
    let descriptor = Descriptor(
        mediaType: .ociConfiguration,
        digest: .sha256(of: bytes),
        size: Int64(bytes.count)
    )
    try await repository.put(descriptor, .bytes(bytes))
    let manifest = try CanonicalJSON.encode(ImageManifest(config: descriptor, layers: []))
    try await repository.put(StoredManifest(mediaType: .ociManifest, bytes: manifest), tag: "1")
}

/// A GPPI model in a tar: what a layer of its files is, uncompressed.
func writeArtifact(to path: FilePath) async throws {
    let project = """
        binaries: {type: python, dependencies: conda, conda_path: model/conda.yaml}
        model: {name: wine, version: '1', workDir: model, entrypoint: entrypoint}
        odahuflowVersion: '1.0'

        """
    let files = [
        ("odahuflow.project.yaml", project), ("model/conda.yaml", "name: wine\ndependencies: [python=3.11]\n"),
        ("model/entrypoint.py", "def init():\n    pass\n"),
    ]
    try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { directory in
        let store = try await OCILayout.open(directory.appending("store"))
        let entries = files.map { LayerEntry(path: $0.0, kind: .bytes(Array($0.1.utf8), executable: false)) }
        let tar = try await LayerWriter(store: store).write(entries, name: "artifact", compression: .stored)
        try store.path(of: tar.descriptor.digest).rename(to: path)
    }
}
