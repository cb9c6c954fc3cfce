package import SystemPackage

extension EnvironmentRequirements {
    /// Reads a file that lists packages: `conda.yaml` by its extension, any other as pip's requirements.
    ///
    /// - Throws: ``ModelError`` `environment`; what the file system says.
    package init(file: FilePath) throws {
        let artifact = Artifact(root: file.removingLastComponent())
        let name = file.lastComponent?.string ?? ""
        if ["yaml", "yml"].contains(file.extension?.lowercased()) {
            self = try CondaEnvironment(artifact, path: name).requirements
        } else {
            var reader = RequirementsReader(artifact)
            try reader.read(file: name)
            self = reader.requirements(pythonVersion: nil)
        }
    }
}
