import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@Suite struct ArtifactLayersTests {
    /// The layers of an artifact with these files, as lists of paths.
    private func layers(_ files: [String: [UInt8]]) async throws -> [[String]] {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let base = try await makeBase(in: MemoryRepository(repository: "base/test"), store: store)
            let root = directory.appending("artifact")
            try root.createDirectories()
            for (path, bytes) in files { try root.appending(path).write(bytes) }
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            let recipe = ImageRecipe(base: base.reference, layers: [.artifact(prefix: "model")], entrypoint: [])
            let image = try await ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
                .assemble(recipe, on: base, artifact: .directory(root))
            // Weights are in no store until they are put into one.
            _ = try await ImagePusher().push(image, to: store.repository(ImageReference(parsing: "model")), tag: "1")
            var listings: [[String]] = []
            for row in image.layers.dropFirst() {
                let listing = try await tool("tar", ["-tf", store.path(of: row.layer.descriptor.digest).string])
                listings.append(listing.split(separator: "\n").map(String.init))
                let isWeight = row.layer.name != "model files"
                #expect(row.layer.descriptor.mediaType == (isWeight ? .ociLayer : .ociLayerGzip))
            }
            return listings
        }
    }

    @Test func weightsGetLayersOfTheirOwn() async throws {
        let mebibyte = 1 << 20
        let text = [UInt8](repeating: 0x61, count: 2 * mebibyte)
        // One byte of sixteen is no noise: under a tenth to gain.
        var barely = noise(mebibyte, seed: 5)
        for index in stride(from: 0, to: mebibyte, by: 16) { barely[index] = 0 }
        let layers = try await layers([
            "a/weights.bin": noise(mebibyte), "b.bin": noise(mebibyte - 1, seed: 2), "c.txt": text, "d.npy": barely,
            "weights2.bin": noise(2 * mebibyte, seed: 3),
        ])
        #expect(
            layers == [
                ["model/", "model/a/", "model/b.bin", "model/c.txt"],
                ["model/", "model/a/", "model/a/weights.bin"],
                ["model/", "model/d.npy"],
                ["model/", "model/weights2.bin"],
            ]
        )
    }

    @Test func anEmptyArtifactIsADirectory() async throws {
        #expect(try await layers([:]) == [["model/"]])
    }

    @Test func manyWeightsAreGroupedInOrder() async throws {
        let bytes = noise((1 << 20) + 100)
        var files: [String: [UInt8]] = [:]
        for number in 10..<50 { files["shard-\(number)"] = Array(bytes[(number - 10)...]) }
        let layers = try await layers(files)
        #expect(layers.count == 16)
        #expect(layers.flatMap { $0.dropFirst() } == files.keys.sorted().map { "model/" + $0 })
        #expect(layers.allSatisfy { (2...3).contains($0.count - 1) })
    }
}
