import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing
import Transfer

@testable import PythonLayers

/// Resolving, downloading and building from an index of our own.
@Suite struct ResolutionTests {
    private static let credentials = "robot:geheim"

    private func parameters(_ requirements: [String]) -> JSONValue {
        .object(["requirements": .array(requirements.map { .string($0) })])
    }

    private func withIndex(
        credentials: String = "",
        _ body: @Sendable (IndexServer, PythonEnvironmentGenerator.Settings, BaseImage) async throws -> Void
    ) async throws {
        try await withWorkshop { directory in
            let files = directory.appending("files")
            try files.createDirectories()
            _ = try await WheelMaker(name: "small", files: ["small.py": "value = 1\n"]).make(in: files)
            _ = try await WheelMaker(name: "foreign", tag: "cp311-cp311-win_amd64", files: ["f.py": ""]).make(in: files)
            try await SourceMaker.make(in: files)
            let interpreter = try await hostInterpreter()
            let base = try baseImage(label: interpreter.path, environment: ["PYTHON_VERSION=\(interpreter.version)"])
            try await IndexServer.serving(files, credentials: credentials) { server in
                var settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
                settings.indexes = PackageIndexes(indexURL: server.url)
                settings.byteCode = .off
                try await body(server, settings, base)
            }
        }
    }

    @Test func sendsCredentialsAndAsksNothingTheSecondTime() async throws {
        try await withIndex(credentials: Self.credentials) { server, settings, base in
            let generator = try PythonEnvironmentGenerator(settings: settings, client: HTTPClient())
            func known(_ requirements: [String]) async throws -> KnownLayers? {
                try await generator.knownLayers(
                    for: parameters(requirements),
                    on: base,
                    maximumLayers: 10,
                    logger: quiet
                )
            }
            #expect(try await known(["small==1.0"]) == nil)
            let plans = try await generator.layers(
                for: parameters(["small==1.0"]),
                on: base,
                maximumLayers: 10,
                logger: quiet
            )
            #expect(plans.map(\.name).last == "wheel small 1.0")
            let requests = try server.requests()
            #expect(requests.contains { $0.hasPrefix("200 /files/small") })
            let again = try await generator.layers(
                for: parameters(["small==1.0"]),
                on: base,
                maximumLayers: 10,
                logger: quiet
            )
            #expect(again.map(\.key) == plans.map(\.key))
            #expect(try await again.last?.entries().contains { $0.path.hasSuffix("/small.py") } == true)
            let layers = try #require(try await known(["small==1.0"]))
            #expect(layers.packages == [LockedPackage(name: "small", version: "1.0")])
            #expect(layers.plans?.map(\.key) == plans.map(\.key))
            #expect(try await known([])?.plans?.count == 1)
            #expect(try server.requests() == requests)
            let cached = try settings.cacheDirectory.appending("locks").entries()
            let lock = try settings.cacheDirectory.appending("locks").appending(try #require(cached.first)).readAll()
            #expect(!String(decoding: lock, as: UTF8.self).contains("geheim"))
        }
    }

    @Test func buildsWhatIsOnlyThereAsSources() async throws {
        try await withIndex { server, settings, base in
            let generator = try PythonEnvironmentGenerator(settings: settings, client: HTTPClient())
            let plans = try await generator.layers(
                for: parameters(["onlysource"]),
                on: base,
                maximumLayers: 10,
                logger: quiet
            )
            let entries = try #require(try await plans.last?.entries())
            let module = try #require(entries.first { $0.path.hasSuffix("/onlysource.py") })
            #expect(try module.text == "answer = 42\n")
            let requests = try server.requests().count
            let again = try await generator.layers(
                for: parameters(["onlysource"]),
                on: base,
                maximumLayers: 10,
                logger: quiet
            )
            #expect(again.map(\.key) == plans.map(\.key))
            #expect(try server.requests().count == requests)
            #expect(try settings.cacheDirectory.appending("unfinished").entries().isEmpty)
        }
    }

    @Test(arguments: [
        (["small==9"], PythonEnvironmentError.Code.unresolvable, "small==9"),
        (["small<1", "small>1"], .unresolvable, "small<1"),
        (["nowhere"], .unresolvable, "nowhere"),
        (["small ~ 1"], .invalidParameters, "~"),
        (["foreign"], .unresolvable, "foreign"),
    ]) func saysWhyNot(requirements: [String], code: PythonEnvironmentError.Code, reason: String) async throws {
        try await withIndex(credentials: Self.credentials) { _, settings, base in
            let generator = try PythonEnvironmentGenerator(settings: settings, client: HTTPClient())
            do {
                _ = try await generator.layers(
                    for: parameters(requirements),
                    on: base,
                    maximumLayers: 10,
                    logger: quiet
                )
                Issue.record("was resolved")
            } catch let error as PythonEnvironmentError {
                #expect(error.code == code, "\(error)")
                #expect(error.description.contains(reason), "\(error)")
                #expect(!error.description.contains("geheim"))
                #expect(!error.description.contains("\n"))
            }
            #expect(try settings.cacheDirectory.appending("unfinished").entries().isEmpty)
        }
    }

    @Test func refusesWrongCredentialsWithoutShowingThem() async throws {
        try await withIndex(credentials: Self.credentials) { server, settings, base in
            var settings = settings
            let url = server.url.withoutCredentials.dropFirst("http://".count)
            settings.indexes.indexURL = "http://robot:falsch@\(url)"
            let generator = try PythonEnvironmentGenerator(settings: settings, client: HTTPClient())
            do {
                _ = try await generator.layers(for: parameters(["small"]), on: base, maximumLayers: 9, logger: quiet)
                Issue.record("was resolved")
            } catch let error as PythonEnvironmentError {
                #expect(!error.description.contains("falsch"), "\(error)")
                #expect(error.description.contains("small"), "\(error)")
            }
        }
    }

    @Test func cannotBuildForAnotherPlatform() async throws {
        try await withIndex { _, settings, base in
            var base = base
            base.configuration.architecture = base.configuration.architecture == "amd64" ? "arm64" : "amd64"
            let generator = try PythonEnvironmentGenerator(settings: settings, client: HTTPClient())
            do {
                _ = try await generator.layers(
                    for: parameters(["onlysource"]),
                    on: base,
                    maximumLayers: 9,
                    logger: quiet
                )
                Issue.record("was built")
            } catch let error as PythonEnvironmentError {
                #expect(error.code == .noMatchingWheel)
                #expect(error.description.contains("onlysource 1.0"), "\(error)")
            }
        }
    }

    @Test func stopsWhenItIsCancelled() async throws {
        try await withIndex { server, settings, base in
            let generator = try PythonEnvironmentGenerator(settings: settings, client: HTTPClient())
            let parameters = parameters(["never"])
            let work = Task {
                try await generator.layers(for: parameters, on: base, maximumLayers: 9, logger: quiet)
            }
            let unfinished = settings.cacheDirectory.appending("unfinished")
            while (try? unfinished.entries())?.isEmpty ?? true { try await Task.sleep(for: .milliseconds(20)) }
            work.cancel()
            // The index answers after ten minutes only.
            await #expect(throws: CancellationError.self) { try await work.value }
            #expect(try unfinished.entries().isEmpty)
        }
    }

    @Test func takesDirectoriesOfWheels() async throws {
        try await withWorkshop { directory in
            let links = directory.appending("my links")
            try links.createDirectories()
            _ = try await WheelMaker(name: "small", files: ["small.py": "value = 1\n"]).make(in: links)
            let interpreter = try await hostInterpreter()
            let base = try baseImage(label: interpreter.path, environment: ["PYTHON_VERSION=\(interpreter.version)"])
            var settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
            settings.indexes = PackageIndexes(findLinks: [links.string], noIndex: true)
            let generator = PythonEnvironmentGenerator(settings: settings, fetch: noNetwork)
            let plans = try await generator.layers(
                for: parameters(["small"]),
                on: base,
                maximumLayers: 9,
                logger: quiet
            )
            #expect(
                plans.map(\.name) == [
                    "Python \(interpreter.version) environment", "wheel small 1.0", "byte code of wheel small 1.0",
                ]
            )
        }
    }

    @Test func namesAMissingResolver() async throws {
        try await withWorkshop { directory in
            await #expect {
                _ = try await PackageResolver.find(named: directory.appending("uv"))
            } throws: { error in
                (error as? PythonEnvironmentError)?.code == .resolverMissing
            }
        }
    }
}
