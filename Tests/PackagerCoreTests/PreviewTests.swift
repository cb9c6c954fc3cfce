import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import SystemPackage
import Testing
import TrainedModels
import Transfer

@testable import PackagerCore

/// What a packaging would make, told before it is made.
@Suite(.timeLimit(.minutes(10))) struct PreviewTests {
    private struct SmallIntegration: Integration {
        let definition = PackagingIntegration(builtIn: "small", arguments: [.imageName])

        func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
            ImageRecipe(
                base: try ImageReference(parsing: arguments["imageName"] == "lost:1" ? "127.0.0.1:1/base" : "base:1"),
                layers: [
                    .generated(kind: "packages", parameters: "numpy"),
                    .files(name: "wrapper", [.text("opt/wrapper", "hello"), .link("opt/link", to: "wrapper")]),
                    .artifact(prefix: "model"),
                ],
                environment: ["MODEL": "/model"],
                entrypoint: ["/opt/wrapper"],
                exposedPorts: [5000],
                labels: labels(for: model),
                annotations: annotations(for: model)
            )
        }
    }

    /// Knows its layers once it was asked for them.
    private actor Packages: LayerGenerator {
        nonisolated let kind = "packages"
        nonisolated let directories = ["/opt/venv"]
        private let plans = [
            LayerPlan(name: "numpy", key: "numpy") {
                [LayerEntry(path: "opt/venv/numpy", kind: .bytes([1], executable: false))]
            }
        ]
        private var isKnown = false

        func layers(for parameters: JSONValue, on base: BaseImage, maximumLayers: Int, logger: Logger) -> [LayerPlan] {
            isKnown = true
            return plans
        }

        func knownLayers(for parameters: JSONValue, on base: BaseImage, maximumLayers: Int, logger: Logger)
            -> KnownLayers?
        {
            isKnown ? KnownLayers(packages: [LockedPackage(name: "numpy", version: "2.2.0")], plans: plans) : nil
        }
    }

    private func withPackager(_ body: (PackagerService, Packager) async throws -> Void) async throws {
        try await withService(integrations: [SmallIntegration()]) { service in
            try await makeBase(in: service.store)
            let archive = service.configuration.data.appending("wine.tar")
            try await writeArtifact(to: archive)
            _ = try await service.artifacts.put("wine.tar", chunks([try archive.readAll()]))
            let packager = Packager(
                assembler: ImageAssembler(
                    store: service.store,
                    index: service.layerIndex,
                    generators: [Packages()],
                    logger: quiet
                ),
                inspections: service.inspections,
                locations: service.blobLocations,
                http: try HTTPClient(),
                work: service.configuration.directory.work,
                limits: service.configuration.limits
            )
            try await body(service, packager)
            #expect(try service.configuration.directory.work.entries().isEmpty)
        }
    }

    private func packaging(_ id: String = "wine", image: String = "wine:1") -> ModelPackaging {
        var packaging = ModelPackaging(
            id: id,
            spec: .init(artifactName: "wine.tar", integrationName: "small")
        )
        packaging.spec.arguments = ["imageName": .string(image)]
        return packaging
    }

    private func rows(_ preview: PackagingPreview) -> [String] {
        preview.layers.map { layer in
            let from = layer.from.map { "\($0)" } ?? "unknown"
            return "\(layer.kind) \(layer.name) \(layer.paths.joined(separator: " ")) \(from)"
        }
    }

    @Test func whatIsToldIsWhatIsMade() async throws {
        try await withPackager { service, packager in
            let before = try await service.preview(packaging(), isNew: true, by: packager)
            #expect(
                rows(before) == [
                    "packages packages /opt/venv unknown", "files wrapper /opt/wrapper /opt/link built",
                    "artifact model /model unknown",
                ]
            )
            #expect(before.layers.allSatisfy { $0.digest == nil && $0.size == nil } && before.environment == nil)
            #expect(
                before.image.description == "127.0.0.1:5080/wine:1" && before.targets?.map(\.name) == ["docker-push"]
            )
            #expect(
                before.model == .init(name: "wine", version: "1", kind: "gppi", files: 3, bytes: before.model.bytes)
            )
            #expect(try await service.store.images().count == 1)
            #expect(await refusal { _ = try await service.packaging("wine") }?.kind == .notFound)

            let made = try await packager.package(service.request(for: packaging()), logger: quiet)
            let after = try await service.preview(packaging(), isNew: true, by: packager)
            #expect(
                rows(after) == [
                    "packages numpy /opt/venv cached", "files wrapper /opt/wrapper /opt/link cached",
                    "artifact model files /model cached",
                ]
            )
            #expect(after.layers.map(\.digest) == made.image.layers.map(\.layer.descriptor.digest))
            #expect(after.layers.map(\.size) == made.image.layers.map(\.layer.descriptor.size))
            #expect(after.environment?.packages == [LockedPackage(name: "numpy", version: "2.2.0")])
            let execution = try #require(made.image.configuration.config)
            #expect(after.configuration == PackagingPreview.Configuration(execution))
            #expect(after.configuration.ports == ["5000/tcp"] && after.configuration.environment["MODEL"] == "/model")
            #expect(after.annotations["org.opencontainers.image.base.name"] == "base:1")
        }
    }

    @Test func itIsRefusedAsThePackagingWouldBe() async throws {
        try await withPackager { service, packager in
            func refused(_ packaging: ModelPackaging, isNew: Bool = true) async -> ServiceError? {
                await refusal { _ = try await service.preview(packaging, isNew: isNew, by: packager) }
            }
            var wrong = packaging("Wine")
            wrong.spec.artifactName = "beer.tar"
            let all = await refused(wrong)
            #expect(all?.kind == .invalid && all?.message.contains("artifact \"beer.tar\" is not found") == true)
            #expect(await refused(packaging(), isNew: false)?.kind == .notFound)
            let lost = await refused(packaging(image: "lost:1"))
            #expect(
                lost?.kind == .invalid && lost?.message.contains("the base image 127.0.0.1:1/base is not in") == true
            )
            _ = try await service.create(packaging())
            #expect(await refused(packaging())?.kind == .conflict)
            #expect(try await service.preview(packaging(), isNew: false, by: packager).integration == "small")
        }
    }

    @Test func severalAreToldTogether() async throws {
        try await withPackager { service, packager in
            let requests = try await [
                service.request(for: packaging()), service.request(for: packaging(image: "beer:2")),
            ]
            let previews = try await packager.preview(requests, logger: quiet)
            #expect(previews.map(\.image.description) == ["wine:1", "beer:2"])
            #expect(try JSONValue(encoding: previews[0]).decode(as: PackagingPreview.self) == previews[0])
        }
    }
}
