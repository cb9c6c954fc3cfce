import FileSystem
import ImageAssembler
import OCI
import SystemPackage
import Testing

/// Weights are hashed where they lie and sent from there.
@Suite struct UnwrittenLayerTests {
    private struct Setup {
        var store: OCILayout
        var base: BaseImage
        var weights: FilePath
        var root: FilePath
        /// How often the artifact's files were asked for.
        var visits: Counter
        var assembler: ImageAssembler

        /// As a later build would.
        func assemble() async throws -> Image {
            let artifact = ArtifactContents(key: "archive-1") { [visits, root] in
                await visits.increment()
                return root
            }
            let recipe = ImageRecipe(base: base.reference, layers: [.artifact(prefix: "model")], entrypoint: [])
            return try await assembler.assemble(recipe, on: base, artifact: artifact)
        }
    }

    private func withSetup(_ body: (Setup) async throws -> Void) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let root = directory.appending("artifact")
            let weights = root.appending("weights.bin")
            try weights.write(noise(3 << 20))
            try root.appending("README").write("A model.\n".utf8)
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            let visits = Counter()
            try await body(
                Setup(
                    store: store,
                    base: makeBase(in: MemoryRepository(repository: "base/test"), store: store),
                    weights: weights,
                    root: root,
                    visits: visits,
                    assembler: ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
                )
            )
        }
    }

    @Test func aRegistryGetsWeightsThatTheStoreNeverHad() async throws {
        try await withSetup { setup in
            let image = try await setup.assemble()
            let layer = image.layers[image.layers.count - 1].layer
            #expect(layer.name == "model weights.bin")
            #expect(!setup.store.path(of: layer.descriptor.digest).exists)

            let registry = MemoryRepository(host: "other.test", repository: "wine")
            _ = try await ImagePusher().push(image, to: registry, tag: "1")
            let sent = try #require(await registry.blobs[layer.descriptor.digest])
            #expect(Digest.sha256(of: sent) == layer.descriptor.digest)
            #expect(layer.diffID == layer.descriptor.digest)
            #expect(!setup.store.path(of: layer.descriptor.digest).exists)

            // The same layer written by the writer itself.
            let entries = [
                LayerEntry(path: "model/weights.bin", kind: .file(setup.weights, size: 3 << 20, executable: false))
            ]
            let written = try await LayerWriter(store: setup.store).write(entries, name: "", compression: .stored)
            #expect(written.descriptor == layer.descriptor)
        }
    }

    @Test func whatTheRegistryHasIsNotReadAgain() async throws {
        try await withSetup { setup in
            let registry = MemoryRepository(host: "other.test", repository: "wine")
            let first = try await setup.assemble()
            _ = try await ImagePusher().push(first, to: registry, tag: "1")
            #expect(await setup.visits.count == 1)

            let second = try await setup.assemble()
            let report = try await ImagePusher().push(second, to: registry, tag: "2")
            #expect(second.digest == first.digest)
            #expect(report.uploaded.count == 0)
            #expect(await setup.visits.count == 1)
            #expect(second.layers.suffix(2).allSatisfy { $0.provenance == .cached })

            // Another registry has nothing: the weights are read once more, and only they.
            let other = MemoryRepository(host: "third.test", repository: "wine")
            _ = try await ImagePusher().push(second, to: other, tag: "1")
            #expect(await other.blobs.count == registry.blobs.count)
            #expect(await setup.visits.count == 2)
        }
    }

    @Test func weightsThatChangeBeforeTheyAreSentAreNotStored() async throws {
        try await withSetup { setup in
            let image = try await setup.assemble()
            let digest = image.layers[image.layers.count - 1].layer.descriptor.digest
            try setup.weights.write(noise(3 << 20, seed: 2))
            let repository = try setup.store.repository(ImageReference(parsing: "wine"))
            await #expect(throws: AssemblerError.self) { try await ImagePusher().push(image, to: repository, tag: "1") }
            #expect(!setup.store.path(of: digest).exists)
            #expect(try await setup.store.images().isEmpty)

            // A later build that believes the layer to be known finds out, too.
            let again = try await setup.assemble()
            let error = await #expect(throws: AssemblerError.self) {
                try await ImagePusher().push(again, to: repository, tag: "1")
            }
            #expect(error?.code == .fileChanged)
        }
    }

    @Test func weightsThatShrinkBeforeTheyAreSentAreAnError() async throws {
        try await withSetup { setup in
            let image = try await setup.assemble()
            try setup.weights.write(noise(2 << 20))
            let registry = MemoryRepository(host: "other.test", repository: "wine")
            let error = await #expect(throws: AssemblerError.self) {
                try await ImagePusher().push(image, to: registry, tag: "1")
            }
            #expect(error?.code == .fileChanged)
        }
    }
}

/// A push that begins while layers are made.
@Suite struct ImageDeliveryTests {
    @Test func layersAreSentWhenTheyAreReadyAndOnce() async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let base = try await makeBase(in: MemoryRepository(repository: "base/test"), store: store)
            try directory.appending("artifact/weights.bin").write(noise(2 << 20))
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            let recipe = ImageRecipe(
                base: base.reference,
                layers: [.files(name: "wrapper", [.text("opt/a", "a")]), .artifact(prefix: "model")],
                entrypoint: []
            )
            let registry = MemoryRepository(host: "other.test", repository: "wine")
            let delivery = ImageDelivery(to: registry)
            let image = try await ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
                .assemble(
                    recipe,
                    on: base,
                    artifact: .directory(directory.appending("artifact")),
                    whenReady: delivery.send
                )
            // The recipe's order, whatever was made first.
            #expect(image.layers.map(\.layer.name).suffix(2) == ["wrapper", "model weights.bin"])
            let early = await registry.log
            #expect(early.count == 2)
            #expect(!early.contains { $0.hasPrefix("manifest") })

            let report = try await delivery.finish(image, tag: "1")
            #expect(report.uploaded.bytes == image.size)
            let log = await registry.log
            #expect(Set(log).count == log.count)
            #expect(log.last == "manifest 1")
        }
    }

    @Test func whatCannotBeSentEndsTheBuild() async throws {
        struct Refusal: Error {}
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let base = try await makeBase(in: MemoryRepository(repository: "base/test"), store: store)
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            let recipe = ImageRecipe(
                base: base.reference,
                layers: [.files(name: "wrapper", [.text("opt/a", "a")])],
                entrypoint: []
            )
            let assembler = ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
            await #expect(throws: Refusal.self) {
                try await assembler.assemble(recipe, on: base, whenReady: { _ in throw Refusal() })
            }
        }
    }
}
