import Concurrency
import FileSystem
import FoundationEssentials
import JSON
package import Logging
package import OCI

/// Builds images from recipes into a store. One assembler serves many builds at the same time.
package struct ImageAssembler: Sendable {
    package struct Options: Sendable {
        package var compression: CompressionMode = .fast
        /// `SOURCE_DATE_EPOCH`: the time of every file and of the image itself, in seconds since 1970.
        package var created: Int64 = 0
        package var platform: Platform = .host
        /// Container engines stop at 127 (Docker) and fewer with old storage drivers.
        package var maximumLayers = 100
        /// Layers that are made at the same time.
        package var concurrentLayers = min(4, max(2, ProcessInfo.processInfo.activeProcessorCount))
        /// Threads that compress one layer.
        package var threads = min(6, max(1, ProcessInfo.processInfo.activeProcessorCount))

        package init() {}
    }

    /// Layers that are left to small files, whether a recipe has as many or not.
    private static let roomForFiles = 4

    package let store: OCILayout
    package let options: Options
    let builder: LayerBuilder
    private let generators: [String: any LayerGenerator]
    private let planning = SingleFlight<GeneratedLayers, [LayerPlan]>()
    private let generation = KeyedTurnstile<GeneratedLayers.Request>()
    private let logger: Logger

    package init(
        store: OCILayout,
        index: any LayerIndex,
        generators: [any LayerGenerator] = [],
        options: Options = Options(),
        logger: Logger = Logger(label: "packager.assembler")
    ) {
        self.store = store
        self.options = options
        self.generators = Dictionary(generators.map { ($0.kind, $0) }) { _, last in last }
        self.logger = logger
        builder = LayerBuilder(
            writer: LayerWriter(
                store: store,
                compression: options.compression,
                modified: options.created,
                threads: options.threads
            ),
            index: index
        )
    }

    /// Builds the image: its layers are in the store afterwards, its manifest goes where ``ImagePusher`` puts it.
    ///
    /// - Parameters:
    ///   - artifact: what the recipe's `artifact` layer holds.
    ///   - whenReady: is given each layer as soon as it is made, while others still are: to send it on.
    /// - Throws: ``AssemblerError``, and what generators, the index and the artifact throw. What was finished until then
    ///   stays in the store; nothing unfinished does.
    package func assemble(
        _ recipe: ImageRecipe,
        on base: BaseImage,
        artifact: ArtifactContents? = nil,
        logger: Logger? = nil,
        whenReady: @escaping @Sendable (Image.LayerRow) async throws -> Void = { _ in }
    ) async throws -> Image {
        let logger = logger ?? self.logger
        try base.check(for: options.platform)
        let room = try room(for: recipe, on: base)
        let parts = try await recipe.layers.concurrentMap(limit: options.concurrentLayers) { layer in
            try await part(layer, on: base, artifact: artifact, room: room, logger)
        }
        let count = base.manifest.layers.count + parts.reduce(0) { $0 + $1.count }
        guard count <= options.maximumLayers else { throw tooManyLayers(count) }

        var rows = try await self.rows(of: parts.flatMap(\.jobs), logger, whenReady)[...]
        var layers: [Image.LayerRow] = []
        for part in parts {
            let own = part.known + rows.prefix(part.jobs.count)
            rows = rows.dropFirst(part.jobs.count)
            if let key = part.key {
                guard try await part.isUnchanged() else {
                    throw AssemblerError(
                        .fileChanged,
                        "the artifact changed while it was read; let whatever writes it finish and try again"
                    )
                }
                try await builder.record(own.map(\.layer), for: key)
            }
            layers += own
        }
        return try image(recipe, on: base, layers)
    }

    /// The layers of all jobs, in their order. Weights go first: they wait for the network, the others for the processor.
    func rows(
        of jobs: [LayerBuilder.Job],
        _ logger: Logger,
        _ whenReady: @escaping @Sendable (Image.LayerRow) async throws -> Void
    ) async throws -> [Image.LayerRow] {
        let order =
            jobs.indices.filter { jobs[$0].plan.compression == .stored }
            + jobs.indices.filter { jobs[$0].plan.compression != .stored }
        let made = try await order.concurrentMap(limit: options.concurrentLayers) { index in
            let row = try await builder.row(for: jobs[index], logger)
            try await whenReady(row)
            return row
        }
        return zip(order, made).sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// What the plans of generated layers follow from: builds that ask for the same at the same time plan them once.
    private struct GeneratedLayers: Hashable {
        struct Request: Hashable {
            var kind: String
            var parameters: JSONValue
        }

        var request: Request
        var base: Digest
        var room: Int
    }

    /// What one entry of the recipe comes to: layers that are there already, and layers to make.
    struct Part: Sendable {
        var known: [Image.LayerRow] = []
        var jobs: [LayerBuilder.Job] = []
        /// The index's key for all layers of the part together.
        var key: String?
        var isUnchanged: @Sendable () async throws -> Bool = { true }

        var count: Int { known.count + jobs.count }
    }

    func part(
        _ layer: LayerRecipe,
        on base: BaseImage,
        artifact: ArtifactContents?,
        room: Int,
        _ logger: Logger
    ) async throws -> Part {
        switch layer {
        case .files(let name, let files):
            return Part(jobs: [LayerBuilder.Job(plan: try filesPlan(name, files))])
        case .generated(let kind, let parameters):
            let generator = try generator(of: kind)
            let request = GeneratedLayers.Request(kind: kind, parameters: parameters)
            let wanted = GeneratedLayers(request: request, base: base.descriptor.digest, room: room)
            let plans = try await planning.value(for: wanted) {
                // On another base the same is asked for again: after the first, most of it is known.
                try await generation.pass(request) {
                    try await generator.layers(for: parameters, on: base, maximumLayers: room, logger: logger)
                }
            }
            return Part(jobs: plans.map { LayerBuilder.Job(plan: $0) })
        case .artifact(let prefix):
            guard let artifact else {
                throw AssemblerError(.noArtifact, "the recipe puts an artifact into /\(prefix), but none is given")
            }
            return try await part(artifact, prefix: prefix, logger)
        }
    }

    func filesPlan(_ name: String, _ files: [RecipeFile]) throws -> LayerPlan {
        LayerPlan(
            name: name,
            key: "files:\(Digest.sha256(of: try CanonicalJSON.encode(files)).hexadecimal)",
            entries: { files.map(LayerEntry.init) }
        )
    }

    func generator(of kind: String) throws -> any LayerGenerator {
        guard let generator = generators[kind] else {
            throw AssemblerError(
                .unknownLayerKind,
                "the recipe asks for layers of the kind \"\(kind)\", which nothing here makes"
            )
        }
        return generator
    }

    private func part(_ artifact: ArtifactContents, prefix: String, _ logger: Logger) async throws -> Part {
        let key = artifact.key.map { LayerBuilder.key(artifact: $0, prefix: prefix) }
        let plans = { @Sendable in
            try await artifact.plans.value(for: prefix) {
                let root = try await artifact.root()
                return try await withCancellableBlocking { cancellation in
                    try ArtifactLayers.plan(ArtifactFiles(in: root), prefix: prefix, cancellation)
                }
            }
        }
        if let key, let rows = try await builder.known(key, logger, remake: plans) { return Part(known: rows) }
        // One key for all: the single layers are not in the index, but builds at the same time make them once.
        let jobs = try await plans().enumerated().map { number, plan in
            let share = LayerBuilder.Share(
                name: "\(prefix):\(number)",
                flight: key.map { "\($0):\(number)" },
                rows: artifact.rows
            )
            return LayerBuilder.Job(plan: plan, share: share)
        }
        return Part(jobs: jobs, key: key, isUnchanged: artifact.isUnchanged)
    }

    /// How many layers a generator may make.
    func room(for recipe: ImageRecipe, on base: BaseImage) throws -> Int {
        var used = base.manifest.layers.count
        var generated = 0
        var files = 0
        for layer in recipe.layers {
            switch layer {
            case .files: files += 1
            case .artifact: used += ArtifactLayers.maximum
            case .generated: generated += 1
            }
        }
        // Images of one artifact differ in their few small layers, and share an environment that is split the same way.
        used += max(files, Self.roomForFiles)
        let room = (options.maximumLayers - used) / max(1, generated)
        guard generated == 0 || room > 0 else { throw tooManyLayers(used + generated) }
        return room
    }

    func tooManyLayers(_ count: Int) -> AssemblerError {
        AssemblerError(
            .tooManyLayers,
            "the image would have up to \(count) layers, more than the \(options.maximumLayers) that are allowed; "
                + "choose a base image with fewer layers"
        )
    }
}

extension LayerEntry {
    init(_ file: RecipeFile) {
        let kind: Kind =
            if let target = file.linkTarget {
                .symbolicLink(target: target)
            } else {
                .bytes(Array((file.text ?? "").utf8), executable: file.executable)
            }
        self.init(path: file.path, kind: kind)
    }
}
