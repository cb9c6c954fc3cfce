import Containers
import OCI
import SystemPackage

/// Everything one run of a custom packager needs, gathered and validated before work starts.
package struct CustomPackagingRequest: Sendable {
    var artifact: PackagingRequest.Artifact
    var input: PackagerInput
    /// The packager's own.
    var image: ImageReference
    /// How the image's registry is visited: by the credentials of the packaging's targets.
    var pull: RegistryAccess
    var limits: ContainerLimits
    /// Whether this is the one run of its packaging, so that what is left of another one is to be removed.
    var isJob: Bool
    /// Is told the steps.
    package var progress = PackagingProgress()

    var integration: PackagingIntegration { input.packagingIntegration }
    var packaging: ModelPackaging { input.modelPackaging }
}

/// What the job of a packaging does.
package enum PackagingWork: Sendable {
    /// Makes an image of a recipe, by a built-in integration.
    case recipe(PackagingRequest)
    /// Runs the image of a custom packager.
    case custom(CustomPackagingRequest)
}
