import FileSystem
import ImageAssembler
import JSON
import Logging
import PythonLayers
import Subprocess
import SystemPackage
import Testing

@testable import Dockerfiles

/// Layers that no builder can make: a context has them as they are.
@Suite struct FinishedLayersTests {
    private struct Packages: LayerGenerator {
        var kind: String { "packages" }

        func layers(for parameters: JSONValue, on base: BaseImage, maximumLayers: Int, logger: Logger) -> [LayerPlan] {
            (parameters.arrayValue ?? []).compactMap(\.stringValue).map { name in
                LayerPlan(name: "package \(name) 1.0", key: nil) {
                    [LayerEntry(path: "opt/packages/\(name)", kind: .bytes(Array(name.utf8), executable: true))]
                }
            }
        }
    }

    private func withContexts(_ body: (FilePath, BuildContext) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "finished") { directory in
            let settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
            let environments = PythonEnvironmentGenerator(settings: settings) { request, _ in
                throw PythonEnvironmentError(.downloadFailed, "the test asked for \(request.url)")
            }
            try await body(directory, contexts(environments, in: directory, generators: [Packages()]))
        }
    }

    private func image(of layers: [LayerRecipe]) throws -> ImageRecipe {
        var recipe = try recipe()
        recipe.layers = layers
        return recipe
    }

    private let packages = LayerRecipe.generated(kind: "packages", parameters: ["numpy", "Ünï", "numpy"])
    private let files = LayerRecipe.files(name: "Wrapper", [.text("opt/wrapper/a.py", "")])

    @Test func areUnpackedBelowWhatIsCopied() async throws {
        try await withContexts { directory, contexts in
            let context = directory.appending("context")
            try await contexts.write(
                image(of: [packages, files]),
                on: baseImage(),
                artifact: nil,
                to: context,
                options: options(),
                logger: quiet
            )
            let dockerfile = String(decoding: try context.appending("Dockerfile").readAll(), as: UTF8.self)
            let instructions = try DockerfileParser.instructions(in: dockerfile)
            let archives = ["package-numpy-1-0", "package-n-1-0", "package-numpy-1-0-2"].map { "layers/\($0).tar.gz" }
            let expected =
                [Instruction("FROM", "registry.test/base:1")] + archives.map { Instruction("ADD", $0, "/") }
                + [Instruction("COPY", "files/wrapper/opt/wrapper/", "/opt/wrapper/")]
            #expect(Array(instructions.prefix(expected.count)) == expected, "\(dockerfile)")
            for (archive, name) in zip(archives, ["numpy", "Ünï", "numpy"]) {
                let said = try await Command.run(
                    [
                        "tar", "--extract", "--gzip", "--to-stdout", "--file", "\(context)/\(archive)",
                        "opt/packages/\(name)",
                    ]
                )
                #expect(said.output == name, "\(archive): \(said.error)")
            }
        }
    }

    @Test func areNotWrittenAboveOthers() async throws {
        try await withContexts { directory, contexts in
            let error = await #expect(throws: DockerfileError.self) {
                try await contexts.write(
                    image(of: [files, packages]),
                    on: baseImage(),
                    artifact: nil,
                    to: directory.appending("context"),
                    options: options(),
                    logger: quiet
                )
            }
            #expect(error?.code == .unsupportedLayer)
            #expect(!directory.appending("context").exists)
        }
    }
}
