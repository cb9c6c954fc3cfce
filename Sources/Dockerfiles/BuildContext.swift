import FileSystem
package import ImageAssembler
package import Logging
import OCI
package import PythonLayers
package import SystemPackage

/// The second reader of a recipe: writes a directory that `docker build`, BuildKit and `buildah bud` make the image of.
///
/// The same recipe on the same base gives the same bytes, modes and times.
package struct BuildContext: Sendable {
    package struct Options: Sendable, Hashable {
        /// The Dockerfile's template.
        package var template: DockerfileTemplate
        /// Names the base by its digest.
        package var pin = false
        /// What the builder knows the base as, in place of its own name.
        package var base: String?
        /// Puts all wheels into the context, so that the build needs no index.
        package var wheels = false
        /// Writes into a directory that is not empty; what an earlier context left there is replaced.
        package var force = false

        package init(template: DockerfileTemplate) { self.template = template }
    }

    static let dockerfile = "Dockerfile"
    static let ignored = ".dockerignore"
    static let requirements = "requirements.txt"
    static let wheels = "wheels"
    static let files = "files"
    static let layers = "layers"
    /// Where the artifact's files are.
    package static let model = "model"

    /// What installs the environment. The bases need not have pip, and every version of it installs the same wheels.
    static let pip = PythonEnvironment(python: nil, requirements: ["pip==25.0.1"])
    static let pipWheel = "pip-25.0.1-py3-none-any.whl"

    private let environments: PythonEnvironmentGenerator
    private let assembler: ImageAssembler

    /// - Parameters:
    ///   - environments: locks environments, as it does for the layers of the same recipes.
    ///   - assembler: makes the layers that no builder can make, such as Conda's packages.
    package init(environments: PythonEnvironmentGenerator, assembler: ImageAssembler) {
        self.environments = environments
        self.assembler = assembler
    }

    /// What a template can say of a recipe. Layers that no builder can make are made for it.
    ///
    /// - Throws: ``DockerfileError`` for what no Dockerfile can say; `PythonEnvironmentError`; what the assembler throws.
    package func values(of recipe: ImageRecipe, on base: BaseImage, options: Options, logger: Logger) async throws
        -> DockerfileValues
    {
        let layers = try ContextLayers(recipe)
        var resolved: ResolvedEnvironment?
        if let wanted = layers.environment {
            // What is reused of the base shows in the values, and is known with the lock only.
            resolved =
                wanted.reusesBase
                ? try await environments.resolve(wanted, on: base, logger: logger)
                : ResolvedEnvironment(interpreter: try await environments.interpreter(for: wanted, on: base))
        }
        let finished = try await finished(layers, of: recipe, on: base, logger)
        return try values(of: recipe, layers, finished, resolved, on: base, options)
    }

    private func finished(_ layers: ContextLayers, of recipe: ImageRecipe, on base: BaseImage, _ logger: Logger)
        async throws -> [Layer]
    {
        guard layers.hasFinished else { return [] }
        return try await assembler.generatedLayers(
            of: recipe,
            on: base,
            logger: logger,
            where: ContextLayers.isFinished
        )
    }

    private func values(
        of recipe: ImageRecipe,
        _ layers: ContextLayers,
        _ finished: [Layer],
        _ resolved: ResolvedEnvironment?,
        on base: BaseImage,
        _ options: Options
    ) throws -> DockerfileValues {
        let environment = try resolved.map { resolved in
            try DockerfileValues.Environment(
                resolved,
                prefix: PythonEnvironment.prefix,
                pip: Self.pipWheel,
                usesIndex: !options.wheels
            )
        }
        var values = try DockerfileValues(
            recipe,
            on: base,
            pin: options.pin,
            layers: layers,
            archives: ContextLayers.archives(of: finished),
            environment: environment
        )
        if let name = options.base { values.base = try DockerfileText.plain(name, of: "the base") }
        return values
    }

    /// Writes the context. The directory is as it was when this throws.
    ///
    /// - Parameter artifact: the directory of the artifact's files; they are copied and stay as they are. Nil leaves them
    ///   out: whoever hands the context on puts them below ``model``.
    package func write(
        _ recipe: ImageRecipe,
        on base: BaseImage,
        artifact: FilePath?,
        to directory: FilePath,
        options: Options,
        logger: Logger
    ) async throws {
        try Self.check(directory, options)
        let layers = try ContextLayers(recipe)
        var resolved: ResolvedEnvironment?
        if let wanted = layers.environment {
            resolved = try await environments.resolve(wanted, on: base, logger: logger)
        }
        let finished = try await finished(layers, of: recipe, on: base, logger)
        let dockerfile = try options.template.render(values(of: recipe, layers, finished, resolved, on: base, options))
        try await ContextDirectory.replace(directory) { context in
            try context.write(dockerfile, to: Self.dockerfile)
            try context.write("\(Self.dockerfile)\n\(Self.ignored)\n.git\n", to: Self.ignored)
            if let environment = layers.environment, let resolved {
                try await add(resolved, of: environment, on: base, to: context, options, logger)
            }
            for (layer, archive) in zip(finished, ContextLayers.archives(of: finished)) {
                try await context.copy(file: assembler.store.path(of: layer.descriptor.digest), to: archive)
            }
            for layer in layers.files {
                for file in layer.files { try context.write(file, below: layer.directory) }
            }
            if layers.hasArtifact, let artifact { try await context.copy(artifact, to: Self.model) }
        }
    }

    /// - Throws: ``DockerfileError`` `directoryNotEmpty` unless the directory is empty, or `force` is on.
    package static func check(_ directory: FilePath, _ options: Options) throws {
        guard directory.exists, !options.force else { return }
        guard directory.isDirectory else {
            throw DockerfileError(.directoryNotEmpty, "\(directory) is a file; name a directory")
        }
        guard try directory.entries().isEmpty else {
            throw DockerfileError(
                .directoryNotEmpty,
                "the directory \(directory) is not empty; name another, or add --force to replace the context in it"
            )
        }
    }

    private func add(
        _ resolved: ResolvedEnvironment,
        of environment: PythonEnvironment,
        on base: BaseImage,
        to context: ContextDirectory,
        _ options: Options,
        _ logger: Logger
    ) async throws {
        let pip = try await environments.resolve(Self.pip, on: base, logger: logger).wheels.filter {
            $0.file.name == Self.pipWheel
        }
        guard pip.count == 1 else {
            throw DockerfileError(
                .unwritable,
                "the package index has no \(Self.pipWheel), which installs the environment"
            )
        }
        try context.write(try RequirementsFile(resolved).text, to: Self.requirements)
        let carried = resolved.wheels.filter { options.wheels || !Self.indexHas($0, environment) }
        for wheel in carried + pip {
            try await context.copy(file: environments.file(of: wheel), to: "\(Self.wheels)/\(wheel.file.name)")
        }
        logger.info(
            "locked \(resolved.wheels.count) packages, \(carried.count) of them with their wheels in the context"
        )
    }

    /// Whether an index is sure to have the wheel: it was not built here, is no local file, and no requirement names it by
    /// its URL.
    private static func indexHas(_ wheel: LockedWheel, _ environment: PythonEnvironment) -> Bool {
        guard wheel.file.url.hasPrefix("https://") || wheel.file.url.hasPrefix("http://") else { return false }
        return !environment.namedFiles.contains(wheel.name)
    }
}
