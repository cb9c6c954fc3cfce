import FileSystem
import FoundationEssentials
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
    /// A model whose environment has packages that only a Conda channel has.
    @Suite struct CondaImage {
        private static let project = """
            binaries: {type: python, dependencies: conda, conda_path: conda.yaml}
            model: {name: cellar, version: '1.0', workDir: model, entrypoint: entrypoint}
            odahuflowVersion: '1.0'
            toolchain: {name: by hand, version: '1'}
            """
        private static let environment = """
            channels: [conda-forge]
            dependencies: [python=3.11, winelib>=1.0, {pip: [packaging]}]
            """
        private static let entrypoint = """
            import packaging
            import winelib

            def init():
                return "matrix"

            def predict_on_matrix(input_matrix, provided_columns_names=None):
                return [[winelib.classify(row[0])] for row in input_matrix], ("quality",)
            """

        @Test func aPackageThatPyPILacksIsInstalledAndImported() async throws {
            let world = try World.current
            let directory = world.directory.appending("cellar")
            for (name, text) in [
                ("odahuflow.project.yaml", Self.project), ("conda.yaml", Self.environment),
                ("model/entrypoint.py", Self.entrypoint),
            ] {
                let file = directory.appending("artifact").pushing(FilePath(name))
                try file.removingLastComponent().createDirectories()
                try file.write(text)
            }
            let channel = directory.appending("channel")
            try await command(
                "python3",
                [
                    "-B", "\(Project.root)/Tests/Fixtures/conda/make_channel.py", channel.string, "--python",
                    WineModel.environment().string,
                ]
            ).succeeded()
            let solver = try await command(
                "\(Project.root)/scripts/python-environment",
                ["conda-solver", "\(Project.root)/Tests/CondaLayersTests/requirements.txt"]
            ).succeeded().line

            let image = "\(world.registry.host)/cellar:1"
            let build = [
                "build", directory.appending("artifact").string, "--integration", "docker-cli", "--tag", image,
                "--base", world.base, "--plain-http", "--conda-channel", "file://\(channel)",
            ]
            let environment = world.packagerEnvironment(data: world.server.data)
            let refused = try await command("packager", build + ["--conda-solver", "none"], environment: environment)
            #expect(refused.status == .exited(1))
            #expect(refused.error.contains("winelib has no known counterpart on PyPI"), "\(refused.error)")
            let flags = build + ["--conda-solver", solver]
            try await command("packager", flags, environment: environment).succeeded()
            let rows = #"{"columns": ["alcohol"], "data": [[13.5], [11.0], [12.5]]}"#
            try directory.appending("rows.json").write(rows)
            try await predicts(image, in: directory)

            try await command(
                "packager",
                flags + ["--builder", "docker"] + world.engine.builderFlags,
                environment: environment
            ).succeeded()
            try await predicts(image, in: directory)
        }

        private func predicts(_ image: String, in directory: FilePath) async throws {
            let engine = try World.current.engine
            try await engine.docker("pull", image)
            let run = ["run", "--rm", "--network", "none", "--read-only", "--volume", "\(directory):/volume:ro"]
            let said = try await engine.docker(run + [image, "predict", "/volume/rows.json", "-"])
            let results = try said.json
            #expect(results["prediction"] == [[1], [0], [1]] || results["prediction"] == [1, 0, 1], "\(results)")
            let program = try await engine.docker(run + ["--entrypoint", "winelib", image, "13"])
            #expect(program.line == "1")
        }
    }
}
