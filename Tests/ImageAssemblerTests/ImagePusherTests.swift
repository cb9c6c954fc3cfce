import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@Suite struct ImagePusherTests {
    private struct Setup {
        var store: OCILayout
        var base: BaseImage
        var repository: MemoryRepository
        var image: Image
    }

    private func withImage(_ body: (Setup) async throws -> Void) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let repository = MemoryRepository(repository: "base/test")
            // The base's layer is made elsewhere: it must come from its repository.
            let base = try await makeBase(in: repository, store: .open(directory.appending("base")))
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            var recipe = ImageAssemblerTests.recipe
            recipe.layers.removeLast()
            let assembler = ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
            let image = try await assembler.assemble(recipe, on: base)
            try await body(Setup(store: store, base: base, repository: repository, image: image))
        }
    }

    @Test func everythingIsSentOnceAndTheManifestLast() async throws {
        try await withImage { setup in
            let image = setup.image
            let destination = MemoryRepository(host: "other.test", repository: "wine")
            let first = try await ImagePusher().push(image, to: destination, tag: "1")
            #expect(first.uploaded.count == 3)
            #expect(first.uploaded.bytes == image.size)
            #expect(first.skipped.count == 0 && first.mounted.count == 0)
            let log = await destination.log
            #expect(log.suffix(2) == ["put \(image.configurationDescriptor.digest.short)", "manifest 1"])
            #expect(!log.contains { $0.hasPrefix("mount") })
            for row in image.layers {
                let bytes = try #require(await destination.blobs[row.layer.descriptor.digest])
                #expect(Digest.sha256(of: bytes) == row.layer.descriptor.digest)
            }
            #expect(try await destination.manifest(.tag("1")).descriptor.digest == image.digest)

            let second = try await ImagePusher().push(image, to: destination, tag: "2")
            #expect(second.skipped == first.uploaded)
            #expect(second.uploaded.count == 0)
            #expect(await destination.log.count == log.count + 1)
        }
    }

    @Test("layers of the base are mounted within a registry, or sent when that fails", arguments: [true, false])
    func mount(works: Bool) async throws {
        try await withImage { setup in
            let layer = setup.base.manifest.layers[0]
            let destination = MemoryRepository(repository: "wine", mountable: works ? [layer.digest] : [])
            let report = try await ImagePusher().push(setup.image, to: destination, tag: nil)
            #expect(report.mounted == .init(count: works ? 1 : 0, bytes: works ? layer.size : 0))
            #expect(report.uploaded.count == (works ? 2 : 3))
            #expect(await destination.log.contains("mount \(layer.digest.short) from registry.test/base/test"))
            #expect(await destination.log.last == "manifest -")
        }
    }

    @Test func failedBlobLeavesNoManifest() async throws {
        try await withImage { setup in
            var image = setup.image
            try setup.store.path(of: image.layers[1].layer.descriptor.digest).removeTree()
            let destination = MemoryRepository(host: "other.test", repository: "wine")
            let error = await #expect(throws: AssemblerError.self) {
                try await ImagePusher().push(image, to: destination, tag: "1")
            }
            #expect(error?.code == .blobMissing)
            #expect(await destination.manifests.isEmpty)
            // Into its own store as well: the base's layer arrives, the image does not.
            image.layers.swapAt(0, 1)
            let own = setup.store.repository(ImageReference(host: nil, repository: "wine"))
            await #expect(throws: AssemblerError.self) { try await ImagePusher().push(image, to: own, tag: "1") }
            #expect(try await setup.store.images().isEmpty)
        }
    }

    @Test func intoTheStoreAndOnToARegistry() async throws {
        try await withImage { setup in
            let reference = try ImageReference(parsing: "wine:1")
            let own = setup.store.repository(reference)
            let report = try await ImagePusher().push(setup.image, to: own, tag: "1")
            // The base's layer and the configuration; our layer is there.
            #expect(report.uploaded.count == 2)
            #expect(report.skipped.count == 1)
            let stored = try await own.manifest(.tag("1"))
            #expect(stored == setup.image.manifest)

            let destination = MemoryRepository(host: "other.test", repository: "wine")
            let copied = try await ImagePusher().copy(stored, from: own, to: destination, tag: "1")
            #expect(copied.uploaded.bytes == setup.image.size)
            #expect(try await destination.manifest(.tag("1")) == setup.image.manifest)
        }
    }

    @Test func indexIsResolvedByPlatform() async throws {
        try await withImage { setup in
            var manifest = setup.base.descriptor
            manifest.platform = Platform(architecture: "amd64")
            var attestation = manifest
            attestation.platform = Platform(architecture: "unknown", os: "unknown")
            let index = ImageIndex(manifests: [attestation, manifest])
            try await setup.repository.put(
                StoredManifest(mediaType: .ociIndex, bytes: CanonicalJSON.encode(index)),
                tag: "multi"
            )
            let reference = try ImageReference(parsing: "registry.test/base/test:multi")
            func resolve(_ platform: Platform) async throws -> BaseImage {
                try await BaseImage.resolve(reference, from: setup.repository, platform: platform)
            }
            #expect(
                try await resolve(Platform(architecture: "amd64")).descriptor.digest == setup.base.descriptor.digest
            )
            let error = await #expect(throws: AssemblerError.self) {
                try await resolve(Platform(architecture: "arm64"))
            }
            #expect(error?.description == "image \(reference) is not made for linux/arm64, only for linux/amd64")
            let other = await #expect(throws: AssemblerError.self) {
                try await BaseImage.resolve(
                    ImageReference(parsing: "registry.test/base/test:1"),
                    from: setup.repository,
                    platform: Platform(architecture: "arm64")
                )
            }
            #expect(other?.code == .platformMismatch)
            let notOne = await #expect(throws: AssemblerError.self) {
                let index = try await setup.repository.manifest(.tag("multi"))
                return try await ImagePusher().copy(index, from: setup.repository, to: setup.repository, tag: nil)
            }
            #expect(notOne?.code == .invalidBase)
        }
    }
}

/// What was pushed to a registry before is taken over from there.
@Suite struct BlobLocationTests {
    private actor Locations: BlobLocationIndex {
        private(set) var known: [Digest: [String]] = [:]

        func repositories(holding blob: Digest, at host: String) -> [String] {
            host == "registry.test" ? known[blob] ?? [] : []
        }

        func record(_ blobs: [Digest], in repository: String, at host: String) {
            for blob in blobs { known[blob, default: []].insert(repository, at: 0) }
        }
    }

    @Test func blobsOfAnEarlierPushAreMountedAndNotSent() async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let base = try await makeBase(
                in: MemoryRepository(host: "elsewhere.test", repository: "base"),
                store: store
            )
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            let recipe = ImageRecipe(
                base: base.reference,
                layers: [.files(name: "wrapper", [.text("opt/server.py", "print()\n")])],
                entrypoint: []
            )
            let image = try await ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
                .assemble(recipe, on: base)
            let locations = Locations()
            let pusher = ImagePusher(locations: locations)
            let first = try await pusher.push(image, to: MemoryRepository(repository: "wine"), tag: "1")
            #expect(first.mounted.count == 0)

            let digests = Set(image.layers.map(\.layer.descriptor.digest) + [image.configurationDescriptor.digest])
            let second = MemoryRepository(repository: "other", mountable: digests)
            let report = try await pusher.push(image, to: second, tag: "1")
            #expect(report.uploaded.count == 0)
            #expect(report.mounted.count == digests.count)
            #expect(await second.log.contains { $0.hasSuffix("from registry.test/wine") })

            // A registry that has forgotten them gets them sent.
            let third = MemoryRepository(repository: "third")
            #expect(try await pusher.push(image, to: third, tag: "1").uploaded.count == digests.count)
            let elsewhere = MemoryRepository(host: "other.test", repository: "wine")
            #expect(try await pusher.push(image, to: elsewhere, tag: "1").mounted.count == 0)
        }
    }
}
