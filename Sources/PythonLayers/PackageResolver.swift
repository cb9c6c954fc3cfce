import FileSystem
import FoundationEssentials
import Synchronization
package import SystemPackage

/// The `uv` program: resolves, builds and finds interpreters.
package struct PackageResolver: Sendable {
    /// How it is started, such as `["/usr/bin/python3", "-m", "uv"]`.
    var command: [String]
    package var version: String

    /// Where uv keeps what it knows of indexes; nil for its own place in the user's home.
    package var cacheDirectory: FilePath?

    /// The variable that names the program.
    package static let variable = "PACKAGER_UV"

    /// Finds uv: the one that is named, else `PACKAGER_UV`, else on the `PATH`, else as a module of `python3`.
    ///
    /// - Throws: ``PythonEnvironmentError`` `resolverMissing` with how to install it.
    package static func find(named path: FilePath? = nil) async throws -> PackageResolver {
        let variable = ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        if let named = path?.string ?? variable {
            if let found = try await probe([named]) { return found }
            throw PythonEnvironmentError(
                .resolverMissing,
                "\(named) is not a uv program that runs here; correct the setting or \(Self.variable)"
            )
        }
        for command in [["uv"], ["python3", "-m", "uv"]] {
            if let found = try await probe(command) { return found }
        }
        throw PythonEnvironmentError(
            .resolverMissing,
            "uv, which resolves Python requirements, is not installed; install it (pip install uv) or name it in "
                + Self.variable
        )
    }

    /// Programs do not change while a process runs.
    private static let known = Mutex<[[String]: PackageResolver]>([:])

    private static func probe(_ command: [String]) async throws -> PackageResolver? {
        if let resolver = known.withLock({ $0[command] }) { return resolver }
        do {
            let result = try await Command.run(command + ["--version"])
            let words = result.output.split(whereSeparator: \.isWhitespace)
            guard result.succeeded, words.count >= 2, words[0] == "uv" else { return nil }
            let resolver = PackageResolver(command: command, version: String(words[1]))
            known.withLock { $0[command] = resolver }
            return resolver
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }

    private var environment: [String: String?] {
        var variables: [String: String?] = ["UV_PYTHON_DOWNLOADS": "never"]
        if let cacheDirectory { variables["UV_CACHE_DIR"] = cacheDirectory.string }
        return variables
    }

    private func environment(_ indexes: PackageIndexes) -> [String: String?] {
        environment.merging(indexes.environment) { _, new in new }
    }

    private static let requirementsFile = "requirements.in"
    private static let constraintsFile = "constraints.in"
    private static let lockFile = "pylock.toml"

    /// Resolves requirements to exact versions for one Python on one platform.
    ///
    /// - Parameters:
    ///   - preferences: versions that are taken where the requirements allow, as those of an earlier lock are.
    ///   - directory: an empty one, for the input.
    func resolve(
        _ wanted: PythonEnvironment,
        preferring preferences: [String: String] = [:],
        python: PythonVersion,
        platform: TargetPlatform,
        indexes: PackageIndexes,
        in directory: FilePath
    ) async throws -> Lock {
        try await blocking {
            for (name, lines) in [
                (Self.requirementsFile, wanted.requirements), (Self.constraintsFile, wanted.constraints),
            ] {
                try directory.appending(name).writeAtomically(lines.map { $0 + "\n" }.joined().utf8)
            }
            if !preferences.isEmpty {
                try directory.appending(Self.lockFile).writeAtomically(Self.lock(preferences).utf8)
            }
        }
        let result = try await Command.run(
            command + [
                "pip", "compile", "--format", "pylock.toml", "--no-header", "--no-annotate",
                "--color", "never", "--no-progress",
                "--python-version", python.description, "--python-platform", platform.triple,
                "--constraints", Self.constraintsFile, Self.requirementsFile,
            ] + (preferences.isEmpty ? [] : ["--output-file", Self.lockFile]),
            environment: environment(indexes),
            directory: directory
        )
        guard result.succeeded else { throw ResolverFailure.error(result.error, python: python, platform: platform) }
        return try Lock(pylock: result.output, relativeTo: directory)
    }

    /// An earlier lock, as far as it is read for preferences. Source: PEP 751.
    private static func lock(_ preferences: [String: String]) -> String {
        let packages = preferences.sorted { $0.key < $1.key }.map { name, version in
            "\n[[packages]]\nname = \"\(name)\"\nversion = \"\(version)\"\n"
        }
        return "lock-version = \"1.0\"\ncreated-by = \"packager\"\n" + packages.joined()
    }

    /// Builds the wheel of a source distribution and gives its path in `directory`.
    func buildWheel(
        of source: FilePath,
        python: PythonVersion,
        indexes: PackageIndexes,
        into directory: FilePath
    ) async throws -> FilePath {
        var environment = environment(indexes)
        // Zip's earliest date: a wheel that is built twice is then the same, if its build backend plays along.
        environment["SOURCE_DATE_EPOCH"] = "315532800"
        let result = try await Command.run(
            command + [
                "build", "--wheel", "--color", "never", "--no-progress",
                "--python", python.description, "--out-dir", directory.string, source.string,
            ],
            environment: environment,
            directory: directory
        )
        let built = try await blocking { try directory.entries().filter { $0.string.hasSuffix(".whl") } }
        guard result.succeeded, let wheel = built.first, built.count == 1 else {
            let reason = ResolverFailure.reason(in: result.error)
            throw PythonEnvironmentError(
                .buildFailed,
                "the source distribution \(source.lastComponent?.string ?? "") cannot be built for Python \(python): "
                    + "\(reason); take a version that has a wheel, or build the wheel yourself and put it in an index"
            )
        }
        return directory.appending(wheel)
    }

    /// Starts a Python with packages that uv has got from an index.
    package func runCommand(with requirement: String) -> [String] {
        command + ["run", "--quiet", "--no-project", "--no-config", "--with", requirement, "python"]
    }

    /// The interpreter of a version that uv knows on this machine; nil when there is none.
    func interpreter(_ python: PythonVersion) async throws -> String? {
        let result = try await Command.run(
            command + ["python", "find", "--no-project", "--color", "never", "\(python)"],
            environment: environment
        )
        let path = result.output.trimmed
        return result.succeeded && !path.isEmpty ? path : nil
    }
}
