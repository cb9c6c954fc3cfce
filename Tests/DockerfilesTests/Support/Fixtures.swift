import DockerREST
import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import Logging
import OCI
import SystemPackage
import Testing
import TrainedModels

@testable import Dockerfiles
@testable import PythonLayers

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// An image of which only the configuration is there, with this machine's Python.
func baseImage() throws -> BaseImage {
    var execution = ImageConfiguration.Execution()
    execution.environment = ["PYTHON_VERSION=3.11.2"]
    execution.labels = [BaseInterpreter.label: "/usr/bin/python3.11"]
    let configuration = ImageConfiguration(
        platform: .host,
        execution: execution,
        diffIDs: [],
        history: [],
        created: nil
    )
    let bytes = try CanonicalJSON.encode(configuration)
    let descriptor = Descriptor(mediaType: .ociConfiguration, digest: .sha256(of: bytes), size: Int64(bytes.count))
    return BaseImage(
        reference: try ImageReference(parsing: "registry.test/base:1"),
        descriptor: descriptor,
        manifest: ImageManifest(config: descriptor, layers: []),
        configuration: configuration,
        source: NoBlobs()
    )
}

struct NoBlobs: ImageSource {
    struct Missing: Error {}
    var origin: ImageOrigin { .registry(host: "registry.test", repository: "base") }
    func manifest(_ selector: ManifestSelector) async throws -> StoredManifest { throw Missing() }
    func blob(_ descriptor: Descriptor) async throws -> BlobContent { throw Missing() }
}

/// The recipe of docker-rest for a model of this name.
func recipe(name: String = "wine", arguments: [String: JSONValue] = [:]) throws -> ImageRecipe {
    let model = TrainedModel(
        name: name,
        version: "1.0",
        kind: .gppi(workDirectory: "work", entrypoint: "entrypoint"),
        files: [],
        environment: EnvironmentRequirements(pythonVersion: "3.11.7", requirements: ["tiny==1.0", "gunicorn==23.0.0"]),
        signature: nil
    )
    var arguments = arguments
    arguments["dockerfileBaseImage"] = "registry.test/base:1"
    return try DockerREST().recipe(for: model, arguments: arguments)
}

func options() throws -> BuildContext.Options {
    BuildContext.Options(template: DockerfileTemplate(try #require(DockerREST().dockerfileTemplate)))
}

/// An environment of Debian's Python, of which nothing is in the base.
func resolvedEnvironment() -> ResolvedEnvironment {
    ResolvedEnvironment(interpreter: BaseInterpreter(path: "/usr/bin/python3.11", version: PythonVersion(3, 11)))
}

/// Contexts whose finished layers are made in a store of their own.
func contexts(
    _ environments: PythonEnvironmentGenerator,
    in directory: FilePath,
    generators: [any LayerGenerator] = []
) async throws -> BuildContext {
    let store = try await OCILayout.open(directory.appending("oci"))
    let assembler = ImageAssembler(store: store, index: NoIndex(), generators: generators)
    return BuildContext(environments: environments, assembler: assembler)
}

private struct NoIndex: LayerIndex {
    func layers(for key: String) -> [Layer]? { nil }
    func record(_ layers: [Layer], for key: String) {}
}

/// The Dockerfile of a recipe, without the rest of the context.
func dockerfile(
    of recipe: ImageRecipe,
    pin: Bool = false,
    on environment: ResolvedEnvironment = resolvedEnvironment()
) throws -> String {
    let environment = try DockerfileValues.Environment(
        environment,
        prefix: PythonEnvironment.prefix,
        pip: BuildContext.pipWheel,
        usesIndex: true
    )
    let values = try DockerfileValues(
        recipe,
        on: baseImage(),
        pin: pin,
        layers: ContextLayers(recipe),
        archives: [],
        environment: environment
    )
    return try options().template.render(values)
}

/// A package index that is a directory: wheels with one module each.
func makeWheels(in directory: FilePath, _ names: [(name: String, version: String)]) async throws {
    let program = """
        import base64, hashlib, sys, zipfile
        directory, *packages = sys.argv[1:]
        for package in packages:
            name, version = package.split("==")
            information = f"{name}-{version}.dist-info"
            files = {
                f"{name}.py": "value = 1\\n",
                f"{information}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
                f"{information}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
            }
            record = f"{information}/RECORD,,\\n"
            with zipfile.ZipFile(f"{directory}/{name}-{version}-py3-none-any.whl", "w") as archive:
                for path, text in files.items():
                    archive.writestr(zipfile.ZipInfo(path), text)
                    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
                    record += f"{path},sha256={digest},{len(text)}\\n"
                archive.writestr(zipfile.ZipInfo(f"{information}/RECORD"), record)
        """
    let arguments = names.map { "\($0.name)==\($0.version)" }
    let result = try await Command.run(["python3", "-c", program, directory.string] + arguments)
    try #require(result.succeeded, "\(result.error)")
}
