import Archive
import FileSystem
import FoundationEssentials
import JSON
import OCI
import SystemPackage
import Testing

@testable import ImageAssembler

/// Images that come back from an engine.
@Suite struct SavedImageTests {
    /// A built image, and the parts of it that archives are put together of.
    fileprivate struct Sample {
        var assembler: ImageAssembler
        var base: BaseImage
        var image: Image
        /// The tars of the image's layers, lowest first.
        var tars: [[UInt8]]

        var configuration: String { "\(image.configurationDescriptor.digest.hexadecimal).json" }
    }

    private func withSample(_ body: (Sample) async throws -> Void) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let base = try await makeBase(in: store.wholeRepository, store: store)
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            let assembler = ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
            try ImageAssemblerTests.makeArtifact(in: directory.appending("artifact"))
            let image = try await assembler.assemble(
                ImageAssemblerTests.recipe,
                on: base,
                artifact: .directory(directory.appending("artifact"))
            )
            _ = try await ImagePusher().push(image, to: store.wholeRepository, tag: "wine")
            var tars: [[UInt8]] = []
            for row in image.layers {
                let path = store.path(of: row.layer.descriptor.digest)
                let isPlain = row.layer.descriptor.digest == row.layer.diffID
                let text = isPlain ? try path.readAll() : try await gunzipped(path, in: directory)
                tars.append(text)
            }
            try await body(Sample(assembler: assembler, base: base, image: image, tars: tars))
            #expect(try store.root.appending("ingest").entries().isEmpty)
        }
    }

    private func gunzipped(_ path: FilePath, in directory: FilePath) async throws -> [UInt8] {
        let copy = directory.appending("layer.gz")
        try copy.write(path.readAll())
        try await tool("gunzip", ["--force", copy.string])
        return try directory.appending("layer").readAll()
    }

    private enum Item {
        case file(String, [UInt8])
        case link(String, String)
    }

    private func tar(_ items: [Item]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var tar = try TarWriter(modified: 0) { bytes.append(contentsOf: $0) }
        for item in items {
            switch item {
            case .file(let path, let contents):
                try tar.addFile(path, size: Int64(contents.count), executable: false)
                try contents.withUnsafeBytes { try tar.write($0) }
            case .link(let path, let target): try tar.addSymbolicLink(path, target: target)
            }
        }
        try tar.finish()
        return bytes
    }

    private func manifest(_ configuration: String, _ layers: [String]) throws -> Item {
        let document: JSONValue = [
            ["Config": .string(configuration), "RepoTags": ["a:1"], "Layers": .array(layers.map { .string($0) })]
        ]
        return .file("manifest.json", Array(try CanonicalJSON.encode(document)))
    }

    /// As engines before 25 write it, with a layer that is twice in the image, by a link.
    private func olderArchive(_ sample: Sample) throws -> [UInt8] {
        let names = sample.tars.indices.map { "layer-\($0)/layer.tar" }
        var items = sample.tars.indices.reversed().map { Item.file(names[$0], sample.tars[$0]) }
        items.insert(.file("layer-0/json", Array("{}".utf8)), at: 1)
        items.insert(.link("layer-9/layer.tar", "../layer-1/layer.tar"), at: 2)
        items.append(.file(sample.configuration, sample.image.configurationBytes))
        items.append(try manifest(sample.configuration, [names[0], "layer-9/layer.tar"] + names[2...]))
        items.append(.file("repositories", Array("{}".utf8)))
        return try tar(items)
    }

    @Test func anOlderEnginesArchiveIsRead() async throws {
        try await withSample { sample in
            let image = try await sample.assembler.image(
                saved: chunks(olderArchive(sample)),
                of: ImageAssemblerTests.recipe,
                on: sample.base
            )
            #expect(image.configurationBytes == sample.image.configurationBytes)
            #expect(image.layers.map(\.layer.diffID) == sample.image.layers.map(\.layer.diffID))
            // The base's own blob, which is compressed otherwise than the store compresses.
            #expect(image.layers[0].layer.descriptor == sample.image.layers[0].layer.descriptor)
            #expect(image.layers.map(\.provenance) == [.base, .built, .built, .built])
            #expect(image.layers[1].layer.name == "packager: wrapper")
            for row in image.layers.dropFirst() {
                #expect(try await sample.assembler.store.contains(row.layer.descriptor))
            }
            let manifest: ImageManifest = try CanonicalJSON.decode(from: image.manifest.bytes)
            #expect(try manifest.annotations == sample.manifest.annotations)
            #expect(manifest.layers == image.layers.map(\.layer.descriptor))
        }
    }

    /// An image layout with `manifest.json`, as ``ImageArchive`` and newer engines write it. Its compressed layers stay
    /// as they are.
    @Test func anImageLayoutIsRead() async throws {
        try await withSample { sample in
            let store = sample.assembler.store
            let file = store.root.appending("../saved.tar")
            try await ImageArchive.write(
                sample.image.manifest,
                from: store.wholeRepository,
                names: [],
                to: file,
                format: .dockerArchive
            )
            let image = try await sample.assembler.image(
                saved: chunks(file.readAll()),
                of: ImageAssemblerTests.recipe,
                on: sample.base
            )
            #expect(image.configurationBytes == sample.image.configurationBytes)
            let compressed = sample.image.layers.indices.filter { index in
                sample.image.layers[index].layer.descriptor.mediaType == .ociLayerGzip
            }
            #expect(compressed.count == 3)
            for index in compressed {
                #expect(image.layers[index].layer.descriptor == sample.image.layers[index].layer.descriptor)
            }
        }
    }

    @Test func anImageOnAnotherBaseSaysNothingOfOurs() async throws {
        try await withSample { sample in
            var other = sample.base
            other.manifest.layers = []
            other.configuration.rootfs.diffIDs = []
            let image = try await sample.assembler.image(
                saved: chunks(olderArchive(sample)),
                of: ImageAssemblerTests.recipe,
                on: other
            )
            #expect(image.layers.map(\.provenance) == [.built, .built, .built, .built])
            let manifest: ImageManifest = try CanonicalJSON.decode(from: image.manifest.bytes)
            #expect(manifest.annotations?["org.opencontainers.image.base.name"] == nil)
            #expect(manifest.annotations?["org.opencontainers.image.title"] == "wine")
        }
    }

    /// A layer without a file is nothing but zeros.
    @Test func anEmptyLayerIsALayer() async throws {
        try await withSample { sample in
            let empty = [UInt8](repeating: 0, count: 1024)
            var configuration = sample.image.configuration
            configuration.rootfs.diffIDs = [.sha256(of: empty)]
            let archive = try tar([
                .file("e/layer.tar", empty), .file("c.json", Array(CanonicalJSON.encode(configuration))),
                manifest("c.json", ["e/layer.tar"]),
            ])
            let image = try await sample.assembler.image(
                saved: chunks(archive),
                of: ImageAssemblerTests.recipe,
                on: sample.base
            )
            #expect(image.layers.map(\.layer.diffID) == [.sha256(of: empty)])
        }
    }

    @Test func whatIsNoImageIsRefusedAndLeavesNothing() async throws {
        try await withSample { sample in
            let whole = try olderArchive(sample)
            let configuration = Item.file("c.json", sample.image.configurationBytes)
            let layers = sample.tars.indices.map { Item.file("\($0)", sample.tars[$0]) }
            let bad: [[UInt8]] = [
                [], Array(whole.prefix(whole.count / 2)), Array("<html>an error</html>".utf8),
                [UInt8](repeating: 0x55, count: 4096),
                try tar([]), try tar(layers + [configuration]),
                try tar(layers + [.file("manifest.json", Array("[]".utf8))]),
                try tar(layers + [manifest("c.json", [])]),
                try tar(layers + [configuration, manifest("c.json", ["0", "1"])]),
                try tar(layers + [configuration, manifest("c.json", ["0", "1", "2", "9"])]),
                try tar(layers + [configuration, manifest("c.json", ["0", "2", "1", "3"])]),
                try tar(layers + [configuration, manifest("c.json", ["1", "0", "2", "3"])]),
                try tar(layers + [.file("c.json", [1, 2, 3]), manifest("c.json", ["0", "1", "2", "3"])]),
                try tar([.link("a", "a"), configuration, manifest("c.json", ["a", "a", "a", "a"])]),
            ]
            for (number, archive) in bad.enumerated() {
                await #expect(throws: (any Error).self, "\(number)") {
                    try await sample.assembler.image(
                        saved: chunks(archive),
                        of: ImageAssemblerTests.recipe,
                        on: sample.base
                    )
                }
            }
        }
    }
}

extension SavedImageTests.Sample {
    fileprivate var manifest: ImageManifest {
        get throws { try CanonicalJSON.decode(from: image.manifest.bytes) }
    }
}
