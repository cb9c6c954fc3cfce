package import ImageAssembler

extension ModelRuntime {
    /// The files of `templates/model-runtime`, where they are in the image.
    package static let files: [RecipeFile] = [
        file("packager_model/__init__.py", PackageResources.__init___py),
        file("packager_model/errors.py", PackageResources.errors_py),
        file("packager_model/gppi.py", PackageResources.gppi_py),
        file("packager_model/jsontext.py", PackageResources.jsontext_py),
        file("packager_model/loading.py", PackageResources.loading_py),
        file("packager_model/matrix.py", PackageResources.matrix_py),
        file("packager_model/mlflow_model.py", PackageResources.mlflow_model_py),
        file("packager_model/model.py", PackageResources.model_py),
        file("packager_model/onnx_model.py", PackageResources.onnx_model_py),
        file("packager_model/results.py", PackageResources.results_py),
        file("packager_model/settings.py", PackageResources.settings_py),
        file("packager_model/sklearn_model.py", PackageResources.sklearn_model_py),
        file("packager_model/surroundings.py", PackageResources.surroundings_py),
        file("packager_model/tensors.py", PackageResources.tensors_py),
    ]
}
