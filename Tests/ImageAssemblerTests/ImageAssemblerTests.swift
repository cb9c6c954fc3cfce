import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import Logging
import OCI
import SystemPackage
import Testing

@Suite struct ImageAssemblerTests {
    static let recipe = ImageRecipe(
        base: ImageReference(host: "registry.test", repository: "base/test", tag: "1"),
        layers: [
            .files(
                name: "wrapper",
                [.text("opt/packager/serve", "#!/bin/sh\n", executable: true), .link("app", to: "opt/packager/serve")]
            ),
            .artifact(prefix: "model"),
        ],
        environment: ["PATH": "/opt/venv/bin:${PATH}", "MODEL": "/model", "KEPT": "c", "PRICE": "$5 ${NONE}"],
        entrypoint: ["/opt/packager/serve"],
        workingDirectory: "/model",
        exposedPorts: [5000],
        labels: ["made-of": "wine"],
        annotations: ["org.opencontainers.image.title": "wine"]
    )

    /// A model directory: text, weights that do not shrink and large text that does.
    static func makeArtifact(in directory: FilePath) throws {
        try directory.appending("model.pkl").write(noise(1_500_000))
        try directory.appending("MLmodel").write(Array("flavors: {}\n".utf8))
        try directory.appending("data/vocabulary.txt").write(Array(String(repeating: "word\n", count: 300_000).utf8))
        try directory.appending("data/small.bin").write(noise(1000))
        guard directory.appending("link").withPlatformString({ symlinkTo("data/small.bin", $0) }) else {
            throw FileSystemError.last("link", directory)
        }
    }

    private func setUp(
        _ directory: FilePath,
        compression: CompressionMode = .fast,
        index: any LayerIndex = MemoryIndex()
    ) async throws -> (ImageAssembler, BaseImage) {
        let store = try await OCILayout.open(directory.appending("store"))
        let base = try await makeBase(in: MemoryRepository(repository: "base/test"), store: store)
        return (ImageAssembler(store: store, index: index, options: options(compression), logger: silent), base)
    }

    private func options(_ compression: CompressionMode) -> ImageAssembler.Options {
        var options = ImageAssembler.Options()
        options.compression = compression
        options.platform = Platform(architecture: "amd64")
        return options
    }

    @Test func goldenImage() async throws {
        try await withTestDirectory { directory in
            let (assembler, base) = try await setUp(directory, compression: .none)
            try Self.makeArtifact(in: directory.appending("artifact"))
            let artifact = try await ArtifactContents.directory(directory.appending("artifact"))
            let image = try await assembler.assemble(Self.recipe, on: base, artifact: artifact)

            #expect(
                image.layers.map(\.layer.name) == [
                    "base registry.test/base/test:1", "wrapper", "model files", "model model.pkl",
                ]
            )
            #expect(image.layers.map(\.provenance) == [.base, .built, .built, .built])
            let d = image.layers.map(\.layer.diffID.description)
            let configuration = """
                {"architecture":"amd64","config":{"Entrypoint":["/opt/packager/serve"],"Env":["PATH=/opt/venv/bin:/usr/local/bin:/bin",\
                "LANG=C.UTF-8","KEPT=c","MODEL=/model","PRICE=$5 ${NONE}"],"ExposedPorts":{"5000/tcp":{},"80/tcp":{}},\
                "Labels":{"base":"yes","made-of":"wine"},"User":"65532:65532","WorkingDir":"/model"},"created":"1970-01-01T00:00:00Z",\
                "history":[{"created":"1970-01-01T00:00:00Z","created_by":"base image registry.test/base/test:1"},\
                {"created":"1970-01-01T00:00:00Z","created_by":"packager: wrapper"},\
                {"created":"1970-01-01T00:00:00Z","created_by":"packager: model files"},\
                {"created":"1970-01-01T00:00:00Z","created_by":"packager: model model.pkl"}],"os":"linux",\
                "rootfs":{"diff_ids":["\(d[0])","\(d[1])","\(d[2])","\(d[3])"],"type":"layers"}}
                """
            #expect(String(decoding: image.configurationBytes, as: UTF8.self) == configuration)
            let layers = image.layers.map(\.layer.descriptor).map { layer in
                #"{"digest":"\#(layer.digest)","mediaType":"\#(layer.mediaType)","size":\#(layer.size)}"#
            }
            #expect(image.layers[0].layer.descriptor.mediaType == .ociLayerGzip)
            let manifest = """
                {"annotations":{"org.opencontainers.image.base.digest":"\(base.descriptor.digest)",\
                "org.opencontainers.image.base.name":"registry.test/base/test:1",\
                "org.opencontainers.image.created":"1970-01-01T00:00:00Z","org.opencontainers.image.title":"wine"},\
                "config":{"digest":"\(Digest.sha256(of: configuration.utf8))",\
                "mediaType":"application/vnd.oci.image.config.v1+json","size":\(configuration.utf8.count)},\
                "layers":[\(layers.joined(separator: ","))],"mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2}
                """
            #expect(String(decoding: image.manifest.bytes, as: UTF8.self) == manifest)
            // The wrapper's layer, byte for byte the same on every machine.
            #expect(d[1] == "sha256:3a34a9b562d1ccebb4ba511cc4c9663f36445880160b6e949c12a5ec512d1b31")
        }
    }

    @Test("equal inputs elsewhere give an equal image", arguments: CompressionMode.allCases)
    func reproducible(mode: CompressionMode) async throws {
        var digests: Set<Digest> = []
        for _ in 0..<2 {
            try await withTestDirectory { directory in
                let (assembler, base) = try await setUp(directory, compression: mode)
                try Self.makeArtifact(in: directory.appending("artifact"))
                let artifact = try await ArtifactContents.directory(directory.appending("artifact"))
                digests.insert(try await assembler.assemble(Self.recipe, on: base, artifact: artifact).digest)
            }
        }
        #expect(digests.count == 1)
    }

    @Test func knownArtifactIsNotReadAgain() async throws {
        try await withTestDirectory { directory in
            let (assembler, base) = try await setUp(directory)
            let root = directory.appending("artifact")
            try Self.makeArtifact(in: root)
            let unpacked = Counter()
            @Sendable func visit() async throws -> FilePath {
                await unpacked.increment()
                return root
            }
            let kept = ArtifactContents(key: "sha256:x", root: visit)
            let artifact = ArtifactContents(key: "sha256:x", root: visit)
            let first = try await assembler.assemble(Self.recipe, on: base, artifact: kept)
            let second = try await assembler.assemble(Self.recipe, on: base, artifact: artifact)
            #expect(await unpacked.count == 1)
            #expect(second.digest == first.digest)
            #expect(second.layers.map(\.provenance) == [.base, .cached, .cached, .cached])

            // A blob that has left the store since is made again, and the image is the same.
            let blob = first.layers[2].layer.descriptor
            for (number, contents) in [artifact, kept].enumerated() {
                try assembler.store.path(of: blob.digest).removeTree()
                let again = try await assembler.assemble(Self.recipe, on: base, artifact: contents)
                // The first value knows its files.
                #expect(await unpacked.count == 2, "\(number)")
                #expect(again.digest == first.digest)
                #expect(try await assembler.store.contains(blob))
            }
        }
    }

    @Test func unchangedDirectoryIsNotReadAgain() async throws {
        try await withTestDirectory { directory in
            let (assembler, base) = try await setUp(directory)
            let root = directory.appending("artifact")
            try Self.makeArtifact(in: root)
            func build() async throws -> Image {
                try await assembler.assemble(Self.recipe, on: base, artifact: ArtifactContents.directory(root))
            }
            let first = try await build()
            #expect(try await build().layers.map(\.provenance) == [.base, .cached, .cached, .cached])
            try root.appending("model.pkl").write(noise(1_500_000, seed: 2))
            let changed = try await build()
            #expect(changed.layers.map(\.provenance) == [.base, .cached, .built, .built])
            #expect(changed.layers[2].layer == first.layers[2].layer)
            #expect(changed.layers[3].layer.diffID != first.layers[3].layer.diffID)
        }
    }

    /// The index must not give out layers that were made with another setting.
    @Test func settingsDoNotMix() async throws {
        try await withTestDirectory { directory in
            let index = MemoryIndex()
            let (fast, base) = try await setUp(directory, index: index)
            try Self.makeArtifact(in: directory.appending("artifact"))
            let artifact = try await ArtifactContents.directory(directory.appending("artifact"))
            let first = try await fast.assemble(Self.recipe, on: base, artifact: artifact)
            var later = options(.fast)
            later.created = 1_700_000_000
            for options in [options(.small), options(.none), later] {
                let other = ImageAssembler(store: fast.store, index: index, options: options, logger: silent)
                let image = try await other.assemble(Self.recipe, on: base, artifact: artifact)
                #expect(image.layers[2].provenance == .built)
                #expect(image.layers[2].layer.descriptor != first.layers[2].layer.descriptor)
            }
        }
    }

    @Test func directoryThatChangesMeanwhileIsNotRemembered() async throws {
        try await withTestDirectory { directory in
            let index = MemoryIndex()
            let (assembler, base) = try await setUp(directory, index: index)
            let root = directory.appending("artifact")
            try Self.makeArtifact(in: root)
            let artifact = try await ArtifactContents.directory(root)
            try root.appending("MLmodel").write(Array("other".utf8))
            let error = await #expect(throws: AssemblerError.self) {
                try await assembler.assemble(Self.recipe, on: base, artifact: artifact)
            }
            #expect(error?.code == .fileChanged)
            #expect(await !index.layers.keys.contains { $0.contains("artifact") })
        }
    }

    @Test func artifactsThatNoImageCanHold() async throws {
        try await withTestDirectory { directory in
            let outside = directory.appending("outside")
            try outside.createDirectories()
            for target in ["/etc/passwd", "../x", "data/../../x"] {
                _ = outside.appending("link").withPlatformString { symlinkTo(target, $0) }
                let error = await #expect(throws: AssemblerError.self) { try await ArtifactContents.directory(outside) }
                #expect(error?.code == .invalidArtifact)
                try outside.appending("link").removeTree()
            }
            #expect(outside.appending("pipe").withPlatformString { makePipe($0) })
            let error = await #expect(throws: AssemblerError.self) { try await ArtifactContents.directory(outside) }
            #expect(error?.description.contains("pipe") == true)
        }
    }

    @Test func recipesThatCannotBeAssembled() async throws {
        try await withTestDirectory { directory in
            let (assembler, base) = try await setUp(directory)
            func code(_ recipe: ImageRecipe, _ base: BaseImage) async -> AssemblerError.Code? {
                await #expect(throws: AssemblerError.self) { try await assembler.assemble(recipe, on: base) }?.code
            }
            #expect(await code(Self.recipe, base) == .noArtifact)
            var recipe = Self.recipe
            recipe.layers = [.generated(kind: "nothing", parameters: .null)]
            #expect(await code(recipe, base) == .unknownLayerKind)
            recipe.layers = (0..<100).map { .files(name: "\($0)", []) }
            #expect(await code(recipe, base) == .tooManyLayers)
            var other = base
            other.configuration.architecture = "s390x"
            #expect(await code(Self.recipe, other) == .platformMismatch)
            other = base
            other.manifest.layers = []
            #expect(await code(Self.recipe, other) == .invalidBase)
        }
    }
}
