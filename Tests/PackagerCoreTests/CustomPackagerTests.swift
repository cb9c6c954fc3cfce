import Archive
import Containers
import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import Synchronization
import SystemPackage
import Testing
import Transfer

@testable import PackagerCore

@Suite struct CustomPackagerTests {
    private static let allowed = CustomPackagerPolicy(isAllowed: true)

    private static func integration(_ id: String = "mine", privileged: Bool = false) -> PackagingIntegration {
        var integration = PackagingIntegration(
            id: id,
            spec: .init(
                entrypoint: "/pack",
                defaultImage: "example/packager:1",
                schema: .init(
                    targets: [
                        .init(name: "docker-push", connectionTypes: ["docker"], default: "docker-ci", required: true)
                    ],
                    // What is an image name, a builder or a template for others is nothing of the kind here.
                    arguments: .init(properties: [.init("imageName", ["type": "string"]), .init("builder", [:])])
                )
            )
        )
        integration.spec.privileged = privileged
        return integration
    }

    private static func packaging(_ id: String = "wine") -> ModelPackaging {
        var packaging = ModelPackaging(id: id, spec: .init(artifactName: "wine.zip", integrationName: "mine"))
        packaging.spec.arguments = ["imageName": "{{ Anything | lower }}", "builder": "docker"]
        return packaging
    }

    /// A tar, whatever its name; what is in it is the packager's affair.
    private static func artifact() throws -> [UInt8] {
        let bytes = Mutex<[UInt8]>([])
        var tar = try TarWriter(modified: 0) { block in bytes.withLock { $0.append(contentsOf: block) } }
        try tar.addFile("anything.bin", size: 0, executable: false)
        try tar.finish()
        return bytes.withLock(\.self)
    }

    private func prepare(_ service: PackagerService, privileged: Bool = false) async throws {
        _ = try await service.artifacts.put("wine.zip", chunks([Self.artifact()]))
        var connection = Connection(
            id: "docker-ci",
            spec: Connection.Spec(type: "docker", uri: "registry.example/team")
        )
        connection.spec.username = "ci"
        connection.spec.password = "czNjcmV0"
        _ = try await service.create(WireConnection(received: connection))
        _ = try await service.create(Self.integration(privileged: privileged))
    }

    /// Policy, whether the integration is privileged, the packaging's image, and words of the refusal.
    @Test(
        arguments: [
            (CustomPackagerPolicy(), false, nil, "--custom-packagers"),
            (CustomPackagerPolicy(allowsPrivileged: true), true, nil, "--custom-packagers"),
            (allowed, false, nil, nil), (allowed, true, nil, "--allow-privileged-packagers"),
            (CustomPackagerPolicy(isAllowed: true, allowsPrivileged: true), true, nil, nil),
            (allowed, false, "NO IMAGE", "\"NO IMAGE\" is not"), (allowed, false, "other/packager:2", nil),
        ] as [(CustomPackagerPolicy, Bool, String?, String?)]
    )
    func whatCannotRunIsRefusedAtOnce(
        policy: CustomPackagerPolicy,
        privileged: Bool,
        image: String?,
        words: String?
    ) async throws {
        try await withService(configure: { $0.customPackagers = policy }) { service in
            try await prepare(service, privileged: privileged)
            var packaging = Self.packaging()
            packaging.spec.image = image
            guard let words else {
                let created = try await service.create(packaging)
                #expect(created.spec.image == image ?? "example/packager:1")
                return
            }
            let error = await refusal { [packaging] in _ = try await service.create(packaging) }
            #expect(error?.kind == .invalid)
            #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        }
    }

    /// What a run was asked for, and what its directory held.
    private struct Seen: Sendable {
        var task: ContainerTask
        var input: PackagerInput
        var inputMode: UInt32
        var files: [String]
    }

    /// Does what the test says in place of running a container.
    private struct ScriptedRuntime: ContainerRuntime {
        var work: @Sendable (ContainerTask) async throws -> ContainerOutcome

        func run(
            _ task: ContainerTask,
            report: @escaping @Sendable (ContainerReport) -> Void
        ) async throws -> ContainerOutcome { try await work(task) }
    }

    private func run(
        as isJob: Bool = true,
        timeout: Duration = .seconds(60),
        _ work: @escaping @Sendable (ContainerTask) async throws -> ContainerOutcome
    ) async throws -> [ModelPackaging.Result] {
        try await withService(configure: { $0.customPackagers = Self.allowed }) { service in
            try await prepare(service)
            let packager = Packager(
                assembler: ImageAssembler(store: service.store, index: service.layerIndex, generators: []),
                inspections: service.inspections,
                locations: service.blobLocations,
                http: try HTTPClient(),
                work: service.configuration.directory.work
            )
            let custom = CustomPackager(
                in: ScriptedRuntime(work: work),
                packager: packager,
                work: service.configuration.directory.work,
                limits: ArchiveLimits(),
                timeout: timeout
            )
            let packaging = try await service.create(Self.packaging())
            // Of a server that was killed.
            let left = service.configuration.directory.work.appending("custom-wine.1")
            try left.createDirectories()
            guard
                case .custom(let request) = try await service.work(for: packaging, with: isJob ? nil : LocalInputs())
            else {
                Issue.record("an integration with an image of its own is a custom packager")
                return []
            }
            let results: Result<[ModelPackaging.Result], any Error>
            do { results = .success(try await custom.run(request, logger: quiet)) } catch { results = .failure(error) }
            // Nothing stays, least of all the secrets.
            let entries = try service.configuration.directory.work.entries().map(\.string)
            #expect(entries.filter { $0.hasPrefix("custom-") } == (isJob ? [] : ["custom-wine.1"]))
            return try results.get()
        }
    }

    @Test func findsWhatODAHUsPackagersFind() async throws {
        let seen = Mutex<Seen?>(nil)
        let results = try await run { task in
            let input = task.workspace.appending("mp.json")
            let found = Seen(
                task: task,
                input: try CanonicalJSON.decode(from: Data(input.readAll())),
                inputMode: try FileIdentity(of: input).mode & 0o777,
                files: try task.workspace.appending("output").entries().map(\.string)
            )
            seen.withLock { $0 = found }
            return ContainerOutcome(exitCode: 0, result: Array(#"{"image": "wine:1"}"#.utf8))
        }
        #expect(results == [.init(name: "image", value: "wine:1")])
        let last = seen.withLock { $0 }
        let found = try #require(last)
        #expect(found.task.command == ["/pack", "/workspace/output", "/workspace/mp.json"])
        #expect(found.task.workingDirectory == "/workspace" && found.task.resultFile == "result.json")
        #expect(!found.task.isPrivileged && found.task.owner == "wine")
        #expect(found.task.limits.memory == 2 << 30 && found.task.limits.cpus == 2)
        #expect(found.task.image.reference.description == "example/packager:1" && !found.task.image.isStored)
        #expect(found.inputMode == 0o600)
        #expect(found.files == ["anything.bin"])
        #expect(found.input.trainingZipName == "wine.zip")
        #expect(found.input.modelHolder.id == "artifacts")
        #expect(found.input.modelPackaging.spec.image == "example/packager:1")
        #expect(found.input.packagingIntegration.id == "mine")
        #expect(found.input.targets.map(\.connection.spec.password) == ["s3cret"])
    }

    /// Two runs of one user's at the same time do not end each other.
    @Test func aRunWithoutAServerBelongsToNobody() async throws {
        let owner = Mutex<String?>("someone")
        _ = try await run(as: false) { task in
            owner.withLock { $0 = task.owner }
            return ContainerOutcome(exitCode: 0, result: Array("{}".utf8))
        }
        let last = owner.withLock { $0 }
        #expect(last == nil)
    }

    @Test(
        arguments: [
            (7, false, "exit code 7: its log"), (137, false, "perhaps for using more than its memory"),
            (137, true, "it used more than its memory, spec.resources.limits.memory, which is 2Gi"),
            (127, false, "/pack may be no program of the image"),
        ]
    )
    func aPackagerThatFailsIsToldWithItsExitCode(code: Int, isOutOfMemory: Bool, words: String) async {
        let error = await #expect(throws: PackagingError.self) {
            try await run { _ in ContainerOutcome(exitCode: code, isOutOfMemory: isOutOfMemory, result: nil) }
        }
        #expect(error?.code == .packagerFailed && error?.exitCode == code)
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test func aPackagerThatIsNotDoneInTimeIsStopped() async {
        let error = await #expect(throws: PackagingError.self) {
            try await run(timeout: .milliseconds(50)) { _ in
                try await Task.sleep(for: .seconds(600))
                return ContainerOutcome(exitCode: 0, result: nil)
            }
        }
        #expect(error?.description.contains("--custom-packager-timeout") == true)
    }

    @Test func whatItMakesIsNotKnownBefore() async throws {
        try await withService(configure: { $0.customPackagers = Self.allowed }) { service in
            try await prepare(service)
            let error = await refusal { _ = try await service.request(for: Self.packaging()) }
            #expect(error?.kind == .invalid)
            #expect(error?.message.contains("known when it has run") == true, "\(String(describing: error))")
        }
    }

    @Test func theExitCodeIsInTheStatus() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            let runner = ScriptedRunner { _, _ in throw PackagingError(.packagerFailed, "it failed", exitCode: 42) }
            try await Worker(service, runner: runner, logger: quiet).run(only: "wine")
            let status = try await service.packaging("wine").status
            #expect(status?.state == .failed && status?.exitCode == 42 && status?.message == "it failed")
        }
    }
}
