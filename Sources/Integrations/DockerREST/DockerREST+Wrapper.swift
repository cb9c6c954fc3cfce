import ImageAssembler

extension DockerREST {
    /// The files of `templates/docker-rest`, where they are in the image.
    static let wrapper: [RecipeFile] = [
        file("gunicorn.conf.py", PackageResources.gunicorn_conf_py),
        file("odahuflow_handler.py", PackageResources.odahuflow_handler_py),
        file("packager_serving/__init__.py", PackageResources.__init___py),
        file("packager_serving/application.py", PackageResources.application_py),
        file("packager_serving/errors.py", PackageResources.errors_py),
        file("packager_serving/gppi.py", PackageResources.gppi_py),
        file("packager_serving/inference_v2.py", PackageResources.inference_v2_py),
        file("packager_serving/jsontext.py", PackageResources.jsontext_py),
        file("packager_serving/loading.py", PackageResources.loading_py),
        file("packager_serving/matrix.py", PackageResources.matrix_py),
        file("packager_serving/messages.py", PackageResources.messages_py),
        file("packager_serving/mlflow_model.py", PackageResources.mlflow_model_py),
        file("packager_serving/model.py", PackageResources.model_py),
        file("packager_serving/odahu.py", PackageResources.odahu_py),
        file("packager_serving/results.py", PackageResources.results_py),
        file("packager_serving/routing.py", PackageResources.routing_py),
        file("packager_serving/settings.py", PackageResources.settings_py),
        file("packager_serving/swagger.py", PackageResources.swagger_py),
        file("packager_serving/tensors.py", PackageResources.tensors_py),
        file("packager_serving/wsgi.py", PackageResources.wsgi_py),
    ]

    private static func file(_ path: String, _ bytes: [UInt8]) -> RecipeFile {
        .text("\(wrapperRoot)/\(path)", String(decoding: bytes, as: UTF8.self))
    }
}
