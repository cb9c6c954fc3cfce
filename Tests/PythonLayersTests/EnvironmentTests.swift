import FileSystem
import ImageAssembler
import JSON
import SystemPackage
import Testing

@testable import PythonLayers

/// Whole environments, built at a temporary prefix and used by an interpreter.
@Suite struct EnvironmentTests {
    /// A generator whose prefix is `<directory>/venv`, so that the environment works where the test unpacks it.
    private func generator(in directory: FilePath, links: FilePath) -> PythonEnvironmentGenerator {
        var settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
        settings.prefix = directory.appending("venv").string
        settings.indexes = PackageIndexes(findLinks: [links.string], noIndex: true)
        return PythonEnvironmentGenerator(settings: settings, fetch: noNetwork)
    }

    private static let wheel = WheelMaker(
        name: "tiny",
        files: [
            "tiny/__init__.py": "value = 'right'\nnames = frozenset({'a', 'b', 'c', 'd', 'e'})\n",
            "tiny/cli.py": "import sys\ndef main():\n    print('tiny', *sys.argv[1:])\n    return 3\n",
            "tiny/broken.py": "def (:\n",
            "tiny/tests/test_tiny.py": "import tiny\n",
            "tiny-1.0.data/scripts/tiny-script": "#!python\nimport tiny, sys\nprint(tiny.value, sys.prefix)\n",
            "tiny-1.0.dist-info/entry_points.txt": "[console_scripts]\ntiny = tiny.cli:main\n",
        ]
    )

    private func withEnvironment(_ body: (FilePath, PythonVersion, [LayerPlan]) async throws -> Void) async throws {
        try await withWorkshop { directory in
            let links = directory.appending("links")
            try links.createDirectories()
            _ = try await Self.wheel.make(in: links)
            let interpreter = try await hostInterpreter()
            let base = try baseImage(label: interpreter.path, environment: ["PYTHON_VERSION=\(interpreter.version)"])
            let plans = try await generator(in: directory, links: links)
                .layers(for: ["requirements": ["tiny"]], on: base, maximumLayers: 9, logger: quiet)
            try await build(plans, into: FilePath("/"))
            try await body(directory.appending("venv"), interpreter.version, plans)
        }
    }

    @Test func isAVirtualEnvironment() async throws {
        try await withEnvironment { venv, version, _ in
            let program = "import sys; print(sys.prefix != sys.base_prefix, sys.prefix); print(*sys.path, sep='\\n')"
            for name in ["python", "python3", "python\(version)"] {
                let result = try await Command.run([venv.appending("bin/\(name)").string, "-c", program])
                let lines = result.output.split(separator: "\n").map(String.init)
                #expect(lines.first == "True \(venv)", "\(result.error)")
                #expect(lines.contains("\(venv)/lib/python\(version)/site-packages"))
                #expect(!lines.contains { $0.contains("dist-packages") })
            }
            let command = try await Command.run([venv.appending("bin/tiny").string, "a"])
            #expect(command.output == "tiny a\n", "\(command.error)")
            #expect(!command.succeeded)
            let script = try await Command.run([venv.appending("bin/tiny-script").string])
            #expect(script.output == "right \(venv)\n", "\(script.error)")
            let metadata = try await Command.run([
                venv.appending("bin/python").string, "-c",
                "import importlib.metadata as m; d = m.distribution('tiny'); print(all(f.locate().exists() for f in d.files))",
            ])
            #expect(metadata.output == "True\n", "\(metadata.error)")
        }
    }

    @Test(arguments: ["sh", "bash"]) func activates(shell: String) async throws {
        try await withEnvironment { venv, _, _ in
            let program = """
                set -eu
                unset PYTHONHOME
                before="$PATH"
                . \(venv)/bin/activate
                command -v python
                python -c 'import tiny; print(tiny.value)'
                echo "$VIRTUAL_ENV"
                deactivate
                [ "$PATH" = "$before" ] && [ -z "${VIRTUAL_ENV-}" ] && echo restored
                """
            let result = try await Command.run([shell, "-c", program])
            #expect(result.output == "\(venv)/bin/python\nright\n\(venv)\nrestored\n", "\(result.error)")
        }
    }

    @Test func byteCodeIsUsed() async throws {
        try await withEnvironment { venv, version, _ in
            let package = venv.appending("lib/python\(version)/site-packages/tiny")
            let compiled = try package.appending("__pycache__").entries().map(\.string)
            // The source that does not compile has no byte code and stops nothing.
            #expect(compiled == ["__init__", "cli"].map { "\($0).cpython-\(version.digits).pyc" })
            // Nobody imports a package's tests to serve a model.
            #expect(!package.appending("tests/__pycache__").exists)
            // Unchecked byte code wins over a source that has changed since.
            try package.appending("__init__.py").writeAtomically("value = 'from the source'\n".utf8)
            let program = "import tiny, tiny.cli; print(tiny.value); print(tiny.cli.main.__code__.co_filename)"
            let result = try await Command.run([venv.appending("bin/python").string, "-c", program])
            #expect(result.output == "right\n\(package)/cli.py\n", "\(result.error)")
        }
    }

    /// Many modules, so that several processes compile them.
    @Test func byteCodeIsTheSameEachTime() async throws {
        try await withWorkshop { directory in
            var maker = WheelMaker(name: "many")
            for index in 0..<64 {
                maker.files["many/m\(index).py"] =
                    "import os, sys\nNAMES = {'x', 'y', 'os', 'm\(index)'}\n"
                    + "def f(a, b=\(index)):\n    return a in {'one', 'two', 'three', 'm\(index)'}\n"
            }
            let interpreter = try await hostInterpreter()
            let found = try await PythonInterpreter.find(
                interpreter.version,
                resolver: try await PackageResolver.find()
            )
            let compilerInterpreter = try #require(found)
            var results: [[String: [UInt8]]] = []
            for name in ["one", "another"] {
                let place = directory.appending(name)
                try place.createDirectories()
                let store = WheelStore(
                    cache: CacheDirectory(root: place.appending("cache")),
                    indexes: PackageIndexes(),
                    fetch: noNetwork
                )
                let wheel = try await maker.choose(in: place)
                let files = try await store.installation(of: wheel, python: interpreter.version, prefix: "/opt/venv")
                    .files
                let compiler = ByteCodeCompiler(
                    interpreter: compilerInterpreter,
                    cache: store.cache,
                    prefix: "/opt/venv"
                )
                let entries = try await compiler.entries(for: name == "one" ? files : files.reversed(), key: "k")
                results.append(
                    try Dictionary(
                        uniqueKeysWithValues: entries.map { entry in
                            guard case .file(let path, _, _) = entry.kind else { return (entry.path, []) }
                            return (entry.path, try path.readAll())
                        }
                    )
                )
            }
            #expect(results[0].count == 64)
            #expect(results[0] == results[1])
        }
    }

    @Test func anEmptyEnvironmentIsOneLayer() async throws {
        try await withWorkshop { directory in
            let base = try baseImage(environment: ["PYTHON_VERSION=3.11.9"])
            let generator = generator(in: directory, links: directory)
            let plans = try await generator.layers(for: ["requirements": []], on: base, maximumLayers: 1, logger: quiet)
            #expect(plans.count == 1)
            await #expect {
                _ = try await generator.layers(for: ["requirements": ["a"]], on: base, maximumLayers: 1, logger: quiet)
            } throws: { error in
                (error as? PythonEnvironmentError)?.code == .tooFewLayers
            }
        }
    }
}
