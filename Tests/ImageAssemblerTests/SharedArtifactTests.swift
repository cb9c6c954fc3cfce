import FileSystem
import ImageAssembler
import OCI
import SystemPackage
import Testing

/// Several images of one artifact.
@Suite struct SharedArtifactTests {
    /// The repositories of one registry, with the blobs that came to them.
    private actor TestRegistry {
        private var holders: [Digest: Set<String>] = [:]
        private(set) var received: [Digest] = []

        func has(_ blob: Digest, in repository: String) -> Bool { holders[blob]?.contains(repository) ?? false }

        func mount(_ blob: Digest, to repository: String, from source: String) -> Bool {
            guard has(blob, in: source) else { return false }
            holders[blob]?.insert(repository)
            return true
        }

        func receive(_ blob: Digest, in repository: String) {
            received.append(blob)
            holders[blob, default: []].insert(repository)
        }
    }

    private struct TestRepository: ImageDestination {
        var registry: TestRegistry
        var name: String
        /// Refuses blobs.
        var isReadOnly = false

        struct Refusal: Error {}

        var origin: ImageOrigin { .registry(host: "registry.test", repository: name) }

        func contains(_ blob: Descriptor) async throws -> Bool { await registry.has(blob.digest, in: name) }

        func mount(_ blob: Descriptor, from origin: ImageOrigin) async throws -> Bool {
            guard !isReadOnly, case .registry("registry.test", let source) = origin else { return false }
            return await registry.mount(blob.digest, to: name, from: source)
        }

        func put(_ blob: Descriptor, _ content: BlobContent) async throws {
            // Long enough for the other images to want the blob meanwhile.
            try await Task.sleep(for: .milliseconds(20))
            if isReadOnly { throw Refusal() }
            if case .stream(let chunks) = content { for try await _ in chunks {} }
            await registry.receive(blob.digest, in: name)
        }

        func put(_ manifest: StoredManifest, tag: String?) async throws {}
    }

    private actor Locations: BlobLocationIndex {
        private var known: [Digest: [String]] = [:]

        func repositories(holding blob: Digest, at host: String) -> [String] { known[blob] ?? [] }

        func record(_ blobs: [Digest], in repository: String, at host: String) {
            for blob in blobs { known[blob, default: []].insert(repository, at: 0) }
        }
    }

    private struct Setup {
        var assembler: ImageAssembler
        var base: BaseImage
        var weights: FilePath
        var artifact: ArtifactContents
        /// How often the artifact's files were asked for.
        var visits: Counter

        /// An image with a wrapper of its own around the artifact.
        func assemble(
            _ name: String,
            whenReady: @escaping @Sendable (Image.LayerRow) async throws -> Void = { _ in }
        ) async throws -> Image {
            let recipe = ImageRecipe(
                base: base.reference,
                layers: [.files(name: "wrapper", [.text("opt/wrapper", name)]), .artifact(prefix: "model")],
                entrypoint: [name]
            )
            return try await assembler.assemble(recipe, on: base, artifact: artifact, whenReady: whenReady)
        }
    }

    /// An artifact that nothing identifies: what is shared is shared by the value alone.
    private func withSetup(_ body: (Setup) async throws -> Void) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let root = directory.appending("artifact")
            let weights = root.appending("weights.bin")
            try weights.write(noise(1 << 20))
            try root.appending("README").write("A model.\n".utf8)
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            let visits = Counter()
            let artifact = ArtifactContents(key: nil) {
                await visits.increment()
                return root
            }
            try await body(
                Setup(
                    assembler: ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent),
                    base: makeBase(in: MemoryRepository(host: "base.test", repository: "base/test"), store: store),
                    weights: weights,
                    artifact: artifact,
                    visits: visits
                )
            )
        }
    }

    private func lastTwo(_ image: Image) -> [Digest] { image.layers.suffix(2).map(\.layer.descriptor.digest) }

    @Test func weightsAreReadForTheFirstImageOnly() async throws {
        try await withSetup { setup in
            let first = try await setup.assemble("rest")
            // Whoever reads them again finds others.
            try setup.weights.write(noise(1 << 20, seed: 2))
            let second = try await setup.assemble("cli")
            #expect(lastTwo(second) == lastTwo(first))
            #expect(second.digest != first.digest)
            #expect(await setup.visits.count == 1)
        }
    }

    @Test func imagesAtTheSameTimeMakeEachLayerOnce() async throws {
        try await withSetup { setup in
            let images = try await withThrowingTaskGroup(of: Image.self) { group in
                for name in ["rest", "cli", "triton"] { group.addTask { try await setup.assemble(name) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(images.map(\.digest)).count == 3)
            #expect(Set(images.map(lastTwo)).count == 1)
            #expect(await setup.visits.count == 1)
            // A layer that was made twice would have taken two times.
            #expect(Set(images.map { $0.layers.suffix(2).map(\.seconds) }).count == 1)
            #expect(images[0].layers.suffix(2).allSatisfy { $0.provenance == .built && $0.seconds > 0 })
        }
    }

    @Test func sharedLayersGoToARegistryOnce() async throws {
        try await withSetup { setup in
            let registry = TestRegistry()
            let pusher = ImagePusher(locations: Locations())
            let pushed = try await withThrowingTaskGroup(of: (Image, ImagePusher.Report).self) { group in
                for name in ["rest", "cli", "triton"] {
                    group.addTask {
                        let delivery = ImageDelivery(to: TestRepository(registry: registry, name: name), by: pusher)
                        let image = try await setup.assemble(name, whenReady: delivery.send)
                        return (image, try await delivery.finish(image, tag: "1"))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let received = await registry.received
            #expect(Set(received).count == received.count)
            // The base, the model's two layers, and of each image its wrapper and configuration.
            #expect(received.count == 9)
            #expect(pushed.map { $0.1.uploaded.count }.reduce(0, +) == received.count)
            #expect(pushed.map { $0.1.mounted.count }.reduce(0, +) == 6)
            for (image, report) in pushed {
                #expect(report.outcome(of: image.configurationDescriptor.digest) == .uploaded)
                #expect(report.blobs.count == image.layers.count + 1)
            }
        }
    }

    @Test func anImageThatCannotBeSentHoldsUpNoOther() async throws {
        try await withSetup { setup in
            let registry = TestRegistry()
            let pusher = ImagePusher(locations: Locations())
            let image = try await setup.assemble("rest")
            let refused = Task {
                let repository = TestRepository(registry: registry, name: "locked", isReadOnly: true)
                return try await pusher.push(image, to: repository, tag: "1")
            }
            let report = try await pusher.push(image, to: TestRepository(registry: registry, name: "open"), tag: "1")
            #expect(report.uploaded.count == image.layers.count + 1)
            await #expect(throws: TestRepository.Refusal.self) { try await refused.value }
        }
    }
}
