import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing
import TrainedModels

@testable import PackagerCore

/// Takes no model.
private struct PickyIntegration: Integration {
    var definition: PackagingIntegration { SampleIntegration().definition }

    func recipe(for model: TrainedModel, arguments: [String: JSONValue]) throws -> ImageRecipe {
        throw ServiceError(.invalid, "\(model.name) on port \(arguments["port"]?.integerValue ?? 0) is not served here")
    }
}

@Suite("A model that an integration does not take is refused before there is a job")
struct ModelCheckTests {
    private static let refused = "Validation of model packaging is failed: "
    private static let manifest = """
        name: net
        version: "1"

        """

    private func withPickyService(_ body: (PackagerService) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "core") { directory in
            let service = try await PackagerService(
                PackagerConfiguration(data: directory),
                integrations: [PickyIntegration()]
            )
            try await body(service)
            try service.close()
            // Nothing of the look into the artifact is left.
            #expect(try directory.appending("work").entries() == [])
        }
    }

    private func packaging(_ artifact: String) -> ModelPackaging {
        var packaging = ModelPackaging.sample()
        packaging.spec.artifactName = artifact
        return packaging
    }

    @Test func `By what is in a directory`() async throws {
        try await withPickyService { service in
            let directory = service.configuration.directory.artifacts.appending("net")
            try directory.createDirectories()
            try directory.appending("odahuflow.model.yaml").writeAtomically(Self.manifest.utf8)
            try directory.appending("model.py").writeAtomically("".utf8)
            let error = await refusal { _ = try await service.create(packaging("net")) }
            #expect(error == ServiceError(.invalid, Self.refused + "net on port 5000 is not served here"))
            #expect(await refusal { _ = try await service.update(packaging("net")) } == error)
            #expect(try await service.packagings().isEmpty)

            try directory.appending("model.py").removeTree()
            let empty = await refusal { _ = try await service.create(packaging("net")) }
            #expect(empty?.message.hasPrefix(Self.refused + "artifact net: No Triton backend suits") == true)
        }
    }

    @Test func `By what is known of an archive, however large`() async throws {
        try await withPickyService { service in
            let zeros = [UInt8](repeating: 0, count: 1 << 20)
            let pieces = Int(QuickInspection.maximumArchive >> 20) + 1
            _ = try await service.artifacts.put("wine.zip", chunks(Array(repeating: zeros, count: pieces)))
            // Not known: the job will tell.
            _ = try await service.create(packaging("wine.zip"))

            let digest = try #require(try await service.artifacts.digest(of: "wine.zip"))
            let model = TrainedModel(
                name: "cabernet",
                version: "1",
                kind: .file,
                files: [],
                environment: nil,
                signature: nil
            )
            try await service.inspections.record(model, for: digest, fallbackName: "wine")
            let error = await refusal { _ = try await service.update(packaging("wine.zip")) }
            #expect(error?.message == Self.refused + "cabernet on port 5000 is not served here")
        }
    }

    /// A file of 10 GiB without a byte on the disk: reading it would take longer than anyone waits.
    @Test func `Never by reading what is large`() async throws {
        try await withPickyService { service in
            let path = service.configuration.directory.artifacts.appending("large.zip")
            let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter { try file.resize(to: 10 << 30) }
            _ = try await service.create(packaging("large.zip"))
            #expect(try await service.artifacts.info("large.zip").digest == nil)
        }
    }

    @Test func `What is no archive is left to the job`() async throws {
        try await withPickyService { service in
            try await service.uploadSample()
            #expect(try await service.create(.sample()).status?.state == .unknown)
        }
    }
}
