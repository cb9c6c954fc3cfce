import FileSystem
import ImageAssembler
import JSON
import Logging
import OCI
import PythonLayers
import SystemPackage
import Testing

@testable import CondaLayers

/// From specifications to layers, with the real solver and a channel of the test's own.
struct CondaEnvironmentGeneratorTests {
    private let environment = CondaEnvironment(
        channels: ["conda-forge"],
        specs: ["python=3.11", "conda-forge::winelib >=1.0"],
        pip: PythonEnvironment(python: nil, requirements: []),
        withoutCounterpart: ["winelib"]
    )

    private func plans(
        _ environment: CondaEnvironment,
        in directory: FilePath,
        solver: String,
        _ journal: Journal = Journal()
    ) async throws -> [LayerPlan] {
        var wheels = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
        wheels.byteCode = .off
        var settings = CondaEnvironmentGenerator.Settings()
        settings.channels.replacements = ["file://\(directory)/channel"]
        settings.solver = solver
        let generator = CondaEnvironmentGenerator(
            settings: settings,
            wheels: PythonEnvironmentGenerator(settings: wheels, fetch: noNetwork)
        )
        return try await generator.layers(
            for: JSONValue(encoding: environment),
            on: baseImage(),
            maximumLayers: 20,
            logger: journal.logger
        )
    }

    @Test func packagesBecomeLayers() async throws {
        let solver = try await solverPython()
        try await withWorkshop { directory in
            try await makeChannel(at: directory.appending("channel"))
            let journal = Journal()
            let plans = try await plans(environment, in: directory, solver: solver, journal)
            #expect(
                plans.map(\.name) == [
                    "conda python 3.11.9", "conda vinelib 2.1", "conda winelib 1.0", "Conda environment",
                    "Python 3.11 environment",
                ]
            )
            #expect(journal.text.contains("vinelib 2.1 has scripts that Conda would run"))
            #expect(journal.text.contains("bin/.vinelib-post-link.sh"))

            let files = try await contents(of: plans)
            #expect(files["opt/conda/bin/python"] == "-> python3.11")
            #expect(files["opt/conda/bin/vine-config"] == "#!/opt/conda/bin/python\nprint('/opt/conda/lib')\n")
            let library = try #require(files["opt/conda/lib/libvine.so.2"])
            #expect(library.hasPrefix("\u{7f}ELF\0/opt/conda/lib:/opt/conda/share\0\0"))
            #expect(library.hasSuffix("\0after\0"))
            #expect(files["opt/conda/lib/libvine.so"] == "-> libvine.so.2")
            #expect(files["opt/conda/share/vine/same.txt"] == "merlot\n")
            let module = "opt/conda/lib/python3.11/site-packages/winelib/__init__.py"
            #expect(files[module]?.contains("def classify") == true)
            #expect(files["opt/conda/bin/winelib"]?.hasPrefix("#!/opt/conda/bin/python\n") == true)
            #expect(files["opt/conda/bin/winelib"]?.contains("from winelib import main") == true)
            #expect(files["opt/conda/bin/wine-cellar"] == "#!/bin/sh\necho cellar\n")
            #expect(files["opt/conda/conda-meta/history"]?.contains("winelib >=1.0") == true)
            let record = try #require(files["opt/conda/conda-meta/winelib-1.0-pyh0_0.json"])
            #expect(record.contains("\"channel\":\"channel\""))
            #expect(record.contains("lib/python3.11/site-packages/winelib/__init__.py"))
            #expect(!record.contains(directory.string))
            // As Conda's own programs read it.
            let path = directory.appending("winelib-1.0-pyh0_0.json")
            try path.writeAtomically(record.utf8)
            let program = """
                import os, sys
                from rattler import PrefixRecord
                record = PrefixRecord.from_path(sys.argv[1])
                print(record.name.normalized, record.version, record.channel, len(record.files), flush=True)
                os._exit(0)
                """
            let read = try await Command.run([solver, "-c", program, path.string])
            #expect(read.output == "winelib 1.0 channel 4\n", "\(read.output)\(read.error)")
            #expect(files["opt/venv/pyvenv.cfg"]?.contains("include-system-site-packages = true") == true)
            #expect(files["opt/venv/pyvenv.cfg"]?.contains("home = /opt/conda/bin\n") == true)
            #expect(files["opt/venv/bin/python3"] == "-> /opt/conda/bin/python3.11")
        }
    }

    @Test func theSameInputGivesTheSameLayersElsewhere() async throws {
        let solver = try await solverPython()
        var seen: [[String?]] = []
        var files: [[String: String]] = []
        for _ in 0..<2 {
            try await withWorkshop { directory in
                try await makeChannel(at: directory.appending("channel"))
                let plans = try await plans(environment, in: directory, solver: solver)
                seen.append(plans.map(\.key))
                files.append(try await contents(of: plans))
                // Known by now: neither the channel nor the packages are looked at again.
                try directory.appending("channel").removeTree()
                #expect(try await self.plans(environment, in: directory, solver: solver).map(\.key) == plans.map(\.key))
            }
        }
        #expect(seen[0] == seen[1])
        #expect(!seen[0].contains(nil))
        #expect(files[0] == files[1])
    }

    @Test func whatCannotBeSolvedIsSaid() async throws {
        let solver = try await solverPython()
        try await withWorkshop { directory in
            try await makeChannel(at: directory.appending("channel"))
            var impossible = environment
            impossible.specs = ["nowherelib", "python=3.11"]
            var error = await #expect(throws: CondaError.self) {
                try await plans(impossible, in: directory, solver: solver)
            }
            #expect(error?.code == .unsolvable)
            #expect(error?.description.contains("nowherelib") == true)
            error = await #expect(throws: CondaError.self) {
                try await plans(environment, in: directory, solver: "none")
            }
            #expect(error?.code == .solverMissing)
            #expect(error?.description.contains("winelib has no known counterpart on PyPI") == true)
            #expect(error?.description.contains("list under pip") == true)
        }
    }

    @Test func muslIsNoPlaceForCondaPackages() throws {
        let error = #expect(throws: CondaError.self) {
            try CondaPlatform(of: baseImage(history: "RUN apk add python3").configuration)
        }
        #expect(error?.code == .unsupportedPlatform)
        #expect(try CondaPlatform(of: baseImage().configuration).subdirectory == "linux-64")
    }
}
