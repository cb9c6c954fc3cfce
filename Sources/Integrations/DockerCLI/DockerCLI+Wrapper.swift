import ImageAssembler
import ModelRuntime

extension DockerCLI {
    /// The files of `templates/docker-cli`, where they are in the image.
    static let wrapper: [RecipeFile] = [
        ModelRuntime.file("bin/invoke", PackageResources.invoke, executable: true),
        ModelRuntime.file("packager_cli/__init__.py", PackageResources.__init___py),
        ModelRuntime.file("packager_cli/arguments.py", PackageResources.arguments_py),
        ModelRuntime.file("packager_cli/errors.py", PackageResources.errors_py),
        ModelRuntime.file("packager_cli/main.py", PackageResources.main_py),
        ModelRuntime.file("packager_cli/parquet.py", PackageResources.parquet_py),
        ModelRuntime.file("packager_cli/predicting.py", PackageResources.predicting_py),
        ModelRuntime.file("packager_cli/progress.py", PackageResources.progress_py),
        ModelRuntime.file("packager_cli/results.py", PackageResources.results_py),
        ModelRuntime.file("packager_cli/rows.py", PackageResources.rows_py),
        ModelRuntime.file("packager_cli/schemas.py", PackageResources.schemas_py),
        ModelRuntime.file("packager_cli/sources.py", PackageResources.sources_py),
        ModelRuntime.file("packager_cli/writers.py", PackageResources.writers_py),
    ]

    package var dockerfileTemplate: String? { String(decoding: PackageResources.Dockerfile_mustache, as: UTF8.self) }
}
