import FileSystem
import Subprocess
import SystemPackage
import Testing
import TrainedModels

@testable import PackagerCore

@Suite("What artifacts hold")
struct ArtifactInspectorTests {
    /// A tar with ODAHU's manifest, a model and as many bytes besides.
    private func archive(_ filler: Int64, in directory: FilePath) async throws -> FilePath {
        let root = directory.appending("net")
        try root.createDirectories()
        let code = root.appending("model")
        try code.createDirectories()
        let manifest = """
            binaries: {type: python, dependencies: conda, conda_path: model/conda.yaml}
            model: {name: net, version: "7", workDir: model, entrypoint: entrypoint}
            odahuflowVersion: "1.0"
            """
        try root.appending("odahuflow.project.yaml").writeAtomically(manifest.utf8)
        try code.appending("conda.yaml").writeAtomically(
            "dependencies: [python=3.11, {pip: [numpy==1.26.4]}]".utf8
        )
        try code.appending("entrypoint.py").writeAtomically("".utf8)
        let file = try FileDescriptor.open(
            root.appending("weights.bin"),
            .writeOnly,
            options: .create,
            permissions: .ownerReadWrite
        )
        try file.closeAfter { try file.resize(to: filler) }
        let tar = directory.appending("net.tar")
        let made = try await Subprocess.run(
            .name("tar"),
            arguments: ["-cf", tar.string, "-C", root.string, "."],
            output: .discarded,
            error: .string(limit: 4096)
        )
        try #require(made.terminationStatus.isSuccess, "\(made.standardError)")
        return tar
    }

    private func withArchive(
        _ filler: Int64,
        _ body: (PackagerService, ArtifactInfo) async throws -> Void
    ) async throws {
        try await withService { service in
            let path = try await archive(filler, in: service.configuration.data)
            let bytes = try path.readAll(limit: 1 << 30)
            try await body(service, service.artifacts.put("net.tar", chunks([bytes])))
        }
    }

    @Test func `A small archive is looked into at once`() async throws {
        try await withArchive(10) { service, info in
            guard case .found(let model) = try await service.inspector.inspection(of: info) else {
                Issue.record("nothing was found")
                return
            }
            #expect(model.name == "net" && model.version == "7" && model.kindName == "gppi")
            #expect(model.environment?.requirements == ["numpy==1.26.4"])
            // The list knows the kind from then on, and packagings what is in it.
            #expect(try await service.artifacts.list().map(\.kind) == ["gppi"])
            #expect(try await service.artifacts.info("net.tar").model == model)
            #expect(try service.configuration.directory.work.entries().isEmpty)
        }
    }

    @Test func `A large one is looked into while the service runs, and nobody waits`() async throws {
        try await withArchive(QuickInspection.maximumArchive) { service, info in
            #expect(try await service.inspector.inspection(of: info) == .pending)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.inspector.run() }
                defer { group.cancelAll() }
                try await eventually("the archive is looked into") {
                    try await service.inspector.inspection(of: service.artifacts.info("net.tar")) != .pending
                }
            }
            #expect(try await service.artifacts.info("net.tar").model?.name == "net")
            #expect(try await service.artifacts.list().map(\.kind) == ["gppi"])
            #expect(try service.configuration.directory.work.entries().isEmpty)
        }
    }

    @Test func `What is no model says why`() async throws {
        try await withService { service in
            let path = service.artifacts.directory.appending("empty")
            try path.createDirectories()
            let info = try await service.artifacts.info("empty")
            guard case .none(let reason) = try await service.inspector.inspection(of: info) else {
                Issue.record("something was found")
                return
            }
            #expect(!reason.isEmpty)
        }
    }
}
