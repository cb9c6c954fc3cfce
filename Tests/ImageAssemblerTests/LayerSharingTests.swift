import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import SystemPackage
import Testing

/// A generator of one layer that takes a while and counts how often it is made.
private struct SlowGenerator: LayerGenerator {
    let gate: Gate?
    let kind = "slow"
    let made = Making()

    func layers(for parameters: JSONValue, on base: BaseImage, maximumLayers: Int, logger: Logger) async throws
        -> [LayerPlan]
    {
        await made.give(room: maximumLayers)
        return [
            LayerPlan(name: "slow", key: "slow:\(parameters.stringValue ?? "")") { [made, gate] in
                await made.increment()
                if let gate { try await gate.wait() } else { try await Task.sleep(for: .milliseconds(300)) }
                return [LayerEntry(path: "slow", kind: .bytes([1], executable: false))]
            }
        ]
    }
}

/// How often a layer is made, and for how many there is room.
private actor Making {
    private(set) var count = 0
    private(set) var room = 0

    func increment() { count += 1 }

    func give(room: Int) { self.room = room }
}

/// Holds whoever waits until it is opened.
private actor Gate {
    private var isOpen = false

    func open() { isOpen = true }

    func wait() async throws {
        while !isOpen { try await Task.sleep(for: .milliseconds(5)) }
    }
}

@Suite struct LayerSharingTests {
    private let recipe = ImageRecipe(
        base: ImageReference(host: nil, repository: "base"),
        layers: [.generated(kind: "slow", parameters: "x"), .artifact(prefix: "model")],
        entrypoint: ["x"]
    )

    private func setUp(
        _ directory: FilePath,
        index: MemoryIndex = MemoryIndex(),
        gate: Gate? = nil
    ) async throws -> (ImageAssembler, BaseImage, SlowGenerator, ArtifactContents) {
        let store = try await OCILayout.open(directory.appending("store"))
        let base = try await makeBase(in: MemoryRepository(repository: "base/test"), store: store)
        let generator = SlowGenerator(gate: gate)
        var options = ImageAssembler.Options()
        options.platform = Platform(architecture: "amd64")
        try directory.appending("artifact/a").write([1])
        let artifact = try await ArtifactContents.directory(directory.appending("artifact"))
        let assembler = ImageAssembler(
            store: store,
            index: index,
            generators: [generator],
            options: options,
            logger: silent
        )
        return (assembler, base, generator, artifact)
    }

    @Test func buildsAtTheSameTimeMakeALayerOnce() async throws {
        try await withTestDirectory { directory in
            let (assembler, base, generator, artifact) = try await setUp(directory)
            let digests = try await withThrowingTaskGroup(of: Digest.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await assembler.assemble(recipe, on: base, artifact: artifact).digest }
                }
                return try await group.reduce(into: Set<Digest>()) { $0.insert($1) }
            }
            #expect(digests.count == 1)
            #expect(await generator.made.count == 1)
            // 100 less the base's layer and what the artifact and small files may take.
            #expect(await generator.made.room == 100 - 1 - 17 - 4)
        }
    }

    @Test func oneOfTwoBuildsIsCancelled() async throws {
        try await withTestDirectory { directory in
            let index = MemoryIndex()
            let gate = Gate()
            let (assembler, base, generator, artifact) = try await setUp(directory, index: index, gate: gate)
            let first = Task { try await assembler.assemble(recipe, on: base, artifact: artifact) }
            while await generator.made.count == 0 { try await Task.sleep(for: .milliseconds(5)) }
            let second = Task { try await assembler.assemble(recipe, on: base, artifact: artifact) }
            // The one that makes the layer looks it up twice, the one that joins it once.
            while await index.lookups.count(where: { $0.contains("slow:") }) < 3 {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(200))
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            await gate.open()
            #expect(try await second.value.layers.count == 3)
            #expect(await generator.made.count == 1)
        }
    }

    @Test func cancelledBuildLeavesNothingAndTheNextOneIsWhole() async throws {
        try await withTestDirectory { directory in
            let (assembler, base, generator, artifact) = try await setUp(directory)
            let build = Task { try await assembler.assemble(recipe, on: base, artifact: artifact) }
            while await generator.made.count == 0 { try await Task.sleep(for: .milliseconds(5)) }
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            #expect(try assembler.store.root.appending("ingest").entries().map(\.string) == [])
            let image = try await assembler.assemble(recipe, on: base, artifact: artifact)
            #expect(await generator.made.count == 2)
            for row in image.layers.dropFirst() { #expect(try await assembler.store.contains(row.layer.descriptor)) }
        }
    }

    @Test func failureReachesEveryoneAndIsNotRemembered() async throws {
        try await withTestDirectory { directory in
            let (assembler, base, _, _) = try await setUp(directory)
            struct Failure: Error {}
            let calls = Counter()
            let artifact = ArtifactContents(key: "k") {
                await calls.increment()
                throw Failure()
            }
            for _ in 0..<2 {
                await #expect(throws: Failure.self) {
                    try await assembler.assemble(recipe, on: base, artifact: artifact)
                }
            }
            #expect(await calls.count == 2)
        }
    }
}
