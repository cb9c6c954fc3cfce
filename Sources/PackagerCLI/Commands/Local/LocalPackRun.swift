import ArgumentParser
import FileSystem
import JSON
import Logging
import PackagerCore
import SystemPackage

struct LocalPackRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a packaging's job in this process: no server, no Docker.",
        discussion: """
            Examples:
              packager local pack run --id wine -f pack.yaml
              packager local pack run --id wine -d manifests/ --artifact-path ./out
              packager local pack run --id wine -f pack.yaml --disable-package-targets

            Connections and integrations come from the files; what they do not hold, from the server if one is \
            configured (--url, PACKAGER_URL or packager login). The image goes to the packaging's targets; with them \
            disabled, or none, into the local store.

            An integration that brings an image of its own is run in a Docker engine, or with crun or runc where there is \
            none (--custom-packagers).
            """
    )

    @Option(name: PackagingKind.idNames, help: "Which packaging; the files' only one when it is left out.")
    var id: String?

    @Option(
        name: .shortAndLong,
        help: "Manifests, YAML or JSON; repeat for more.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: [String] = []

    @Option(
        name: [.customShort("d"), .customLong("dir")],
        help: "A directory of manifests, without those below it; repeat for more.",
        completion: .directory
    )
    var directory: [String] = []

    @Option(
        name: .long,
        help:
            "The directory that holds the artifact. Default: where the manifests are, then the data directory's store.",
        completion: .directory
    )
    var artifactPath: String?

    @Option(name: [.customShort("a"), .long], help: "The artifact, in place of the manifest's spec.artifactName.")
    var artifactName: String?

    @Flag(inversion: .prefixedNo, help: "Push nowhere: the image goes into the local store.")
    var disablePackageTargets = false

    @Option(name: .long, help: "A target to leave out, such as docker-push; repeat for more.")
    var disableTarget: [String] = []

    @OptionGroup var customPackagers: CustomPackagerOptions
    @OptionGroup var build: BuildOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var general: GeneralOptions

    func validate() throws {
        guard !file.isEmpty || !directory.isEmpty || id != nil else {
            throw ValidationError("name the manifests with -f FILE or -d DIR")
        }
    }

    func run() async throws {
        let manifests = try ManifestCollection(
            files: file.map { FilePath($0) },
            directories: directory.map { FilePath($0) }
        )
        var entities = try LocalEntities(manifests, server: try server.configured.map { try APIClient($0) })
        var packaging = try await entities.packaging(id)
        if let artifactName { packaging.spec.artifactName = artifactName }
        let disabled = try targets(disabledOf: packaging)
        packaging.spec.targets = packaging.spec.targets?.filter { !disabled.contains($0.name) }
        try await entities.complete(for: packaging)

        let engine = try build.usersEngineAddress
        let parts = try await Composition(
            data: data,
            build: build,
            engine: engine,
            customPackagers: customPackagers.usersChoice(engine: engine, isNamed: build.namesEngine)
        )
        let local = LocalInputs(
            connections: try entities.connections.map { try parts.service.validated($0) },
            integrations: entities.integrations.map { $0.withoutTargets(disabled) },
            artifacts: artifacts(for: &packaging)
        )
        let work = try await parts.service.work(for: packaging, with: local)
        for result in try await results(of: work, with: parts) { print("\(result.name): \(result.value)") }
    }

    private func results(of work: PackagingWork, with parts: Composition) async throws -> [ModelPackaging.Result] {
        let display = ProgressDisplay.packaging(general)
        switch work {
        case .recipe(let request):
            let packaged = try await display.during { [general] in
                try await parts.packager.package(request, logger: .commandLine(general))
            }
            if !general.quiet { printError("\n\(BuildReport([packaged]).text)\n") }
            return packaged.results(publicHost: parts.service.configuration.publicHost)
        case .custom(let request):
            return try await display.during { [general] in
                try await parts.customPackager.required.run(request, logger: .commandLine(general))
            }
        }
    }

    /// The names of the targets that are left out.
    private func targets(disabledOf packaging: ModelPackaging) throws -> Set<String> {
        let named = Set(packaging.spec.targets?.map(\.name) ?? [])
        if disablePackageTargets { return named.union(disableTarget) }
        for target in disableTarget where !named.contains(target) {
            let hint = Spelling.hint(for: target, among: named)
            throw ValidationError("the packaging has no target \"\(target)\"\(hint)")
        }
        return Set(disableTarget)
    }

    /// Where the artifact is, if it is beside a manifest or where `--artifact-path` says. An artifact that was unpacked
    /// there already, as ODAHU's client wants it, goes under its name without the extension.
    private func artifacts(for packaging: inout ModelPackaging) -> FilePath? {
        let name = packaging.spec.artifactName
        let unpacked = FilePath(name).stem
        let places =
            artifactPath.map { [FilePath($0)] }
            ?? (file.map { FilePath($0).removingLastComponent() } + directory.map { FilePath($0) })
            .map { $0.isEmpty ? "." : $0 }
        guard !name.isEmpty, FilePath(name).components.count == 1 else { return places.first }
        for place in places {
            if place.appending(name).exists { return place }
            if let unpacked, place.appending(unpacked).isDirectory {
                packaging.spec.artifactName = unpacked
                return place
            }
        }
        return artifactPath == nil ? nil : places.first
    }
}

extension PackagingIntegration {
    /// The integration without some of its targets, which are then not asked for either.
    fileprivate func withoutTargets(_ names: Set<String>) -> PackagingIntegration {
        var integration = self
        integration.spec.schema.targets?.removeAll { names.contains($0.name) }
        return integration
    }
}
