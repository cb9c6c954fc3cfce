import ImageAssembler
import ModelRuntime

extension DockerREST {
    /// The files of `templates/docker-rest`, where they are in the image.
    static let wrapper: [RecipeFile] = [
        ModelRuntime.file("gunicorn.conf.py", PackageResources.gunicorn_conf_py),
        ModelRuntime.file("odahuflow_handler.py", PackageResources.odahuflow_handler_py),
        ModelRuntime.file("packager_serving/__init__.py", PackageResources.__init___py),
        ModelRuntime.file("packager_serving/application.py", PackageResources.application_py),
        ModelRuntime.file("packager_serving/errors.py", PackageResources.errors_py),
        ModelRuntime.file("packager_serving/inference_v2.py", PackageResources.inference_v2_py),
        ModelRuntime.file("packager_serving/limits.py", PackageResources.limits_py),
        ModelRuntime.file("packager_serving/messages.py", PackageResources.messages_py),
        ModelRuntime.file("packager_serving/odahu.py", PackageResources.odahu_py),
        ModelRuntime.file("packager_serving/routing.py", PackageResources.routing_py),
        ModelRuntime.file("packager_serving/starting.py", PackageResources.starting_py),
        ModelRuntime.file("packager_serving/swagger.py", PackageResources.swagger_py),
        ModelRuntime.file("packager_serving/wsgi.py", PackageResources.wsgi_py),
    ]

    package var dockerfileTemplate: String? { String(decoding: PackageResources.Dockerfile_mustache, as: UTF8.self) }
}
