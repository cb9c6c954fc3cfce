import ModelRuntime
package import PackagerCore

extension DockerCLI {
    /// ODAHU's targets and arguments with its defaults; the base follows the model's Python unless it is given.
    package var definition: PackagingIntegration {
        PackagingIntegration(
            builtIn: "docker-cli",
            arguments: [.pythonBaseImage, .imageName, .init(CondaUse.argument, CondaUse.schema)]
        )
    }
}
