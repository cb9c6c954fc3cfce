import ImageAssembler
import ModelRuntime

extension Triton {
    /// The file of `templates/docker-triton`: the Python backend's model, beside the package that loads models.
    static let wrapper = [ModelRuntime.file("packager_triton.py", PackageResources.packager_triton_py)]

    package var dockerfileTemplate: String? { String(decoding: PackageResources.Dockerfile_mustache, as: UTF8.self) }
}
