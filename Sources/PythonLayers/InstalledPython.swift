package import ImageAssembler
package import Logging
package import SystemPackage

/// A Python that other layers of the image bring, with packages of its own.
package struct InstalledPython: Sendable, Hashable {
    /// The interpreter, from the image's root, with a leading slash.
    package var path: String
    package var version: PythonVersion
    /// Normalised names and versions.
    package var distributions: [String: String] = [:]

    package init(path: String, version: PythonVersion) {
        self.path = path
        self.version = version
    }
}

extension PythonEnvironmentGenerator {
    /// Layers of a virtual environment over a Python of other layers, which sees that one's packages.
    ///
    /// What the environment asks for itself is installed; what that needs besides is taken from the packages that are
    /// there, whose versions it has to bear.
    ///
    /// - Throws: as ``layers(for:on:maximumLayers:logger:)``.
    package func layers(
        for environment: PythonEnvironment,
        over python: InstalledPython,
        on base: BaseImage,
        maximumLayers: Int,
        logger: Logger
    ) async throws -> [LayerPlan] {
        try environment.validate()
        let interpreter = BaseInterpreter(path: python.path, version: python.version)
        let skeleton = plan(VirtualEnvironment(prefix: settings.prefix, interpreter: interpreter, seesSystem: true))
        guard !environment.requirements.isEmpty else { return [skeleton] }
        let named = Set(environment.requirements.map(Self.name))
        let there = python.distributions.filter { !named.contains($0.key) }
        var bound = environment
        bound.python = nil
        bound.constraints += there.sorted { $0.key < $1.key }.map { "\($0.key)==\($0.value)" }
        let locker = try await locker(of: bound, for: python.version, on: base, logger)
        let wheels = try await locker.wheels(for: locker.lock()).filter { there[normalizedName($0.package)] == nil }
        return try await [skeleton] + plans(of: wheels, python: python.version, maximum: maximumLayers - 1, logger)
    }

    private static func name(_ requirement: String) -> String {
        normalizedName(requirement.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
    }
}

/// A module that is no wheel's.
package struct ModuleSource: Sendable, Hashable {
    /// Below the prefix.
    package var path: String
    package var file: FilePath
    /// Bytes.
    package var size: Int64

    package init(path: String, file: FilePath, size: Int64) {
        self.path = path
        self.file = file
        self.size = size
    }
}

/// Compiles modules that are no wheel's, as those of wheels are.
package struct ModuleCompiler: Sendable {
    let compiler: ByteCodeCompiler

    /// What the byte code depends on besides the sources.
    package var identity: String { "\(compiler.interpreter.release) \(compiler.interpreter.magic)" }

    /// - Parameter key: identifies the modules' content.
    package func entries(for modules: [ModuleSource], key: String) async throws -> [LayerEntry] {
        let files = modules.map { module in
            WheelInstallation.File(
                path: module.path,
                content: .file(module.file, size: module.size, executable: false),
                hash: "",
                size: module.size
            )
        }
        return try await compiler.entries(for: files, key: key)
    }
}

extension PythonEnvironmentGenerator {
    /// Nil where no byte code is to be made, or no interpreter of the version is here.
    package func moduleCompiler(for python: PythonVersion, prefix: String) async throws -> ModuleCompiler? {
        guard settings.byteCode == .auto,
            let interpreter = try await PythonInterpreter.find(python, resolver: try? await resolver())
        else { return nil }
        return ModuleCompiler(compiler: ByteCodeCompiler(interpreter: interpreter, cache: cache, prefix: prefix))
    }

    /// uv, with this generator's cache.
    package func findResolver() async throws -> PackageResolver { try await resolver() }

    package var cacheDirectory: FilePath { settings.cacheDirectory }
    package var refreshes: Bool { settings.refresh }
    /// Downloads a file.
    package var fetchFile: WheelFetcher { fetch }
}
