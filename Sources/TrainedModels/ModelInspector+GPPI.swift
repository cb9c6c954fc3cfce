extension ModelInspector {
    /// Reads a GPPI's manifest and checks that what it names is there. Texts are ODAHU's own where it has one
    /// (`manifest_and_resource.py`).
    static func gppi(_ artifact: Artifact, manifest path: String, files: [ModelFile]) throws -> TrainedModel {
        let manifest = GPPIManifest(path: path, document: try artifact.document(path, .manifest))
        try manifest.checkBinaries()
        let directory = parent(path)
        let name = try manifest.modelField("name")
        let version = try manifest.modelField("version")
        let workDirectory = try manifest.path("model.workDir", try manifest.modelField("workDir"), below: directory)
        guard artifact.isDirectory(workDirectory) else {
            throw ModelError(
                .missingFile,
                path,
                "model.workDir is \"\(workDirectory)\", and the artifact has no such directory; correct it or pack the directory too"
            )
        }
        let entrypoint = try manifest.modelField("entrypoint")
        try check(entrypoint: entrypoint, in: workDirectory, artifact, path)
        let conda = try manifest.path("binaries.conda_path", try manifest.condaPath(), below: directory)
        guard artifact.isFile(conda) else {
            throw ModelError(
                .missingFile,
                path,
                "binaries.conda_path is \"\(conda)\", and the artifact has no such file; correct it or pack the file too"
            )
        }
        let model = join(workDirectory, "MLmodel")
        return TrainedModel(
            name: name,
            version: version,
            kind: .gppi(workDirectory: workDirectory, entrypoint: entrypoint),
            files: files,
            environment: try CondaEnvironment(artifact, path: conda).requirements,
            signature: artifact.isFile(model)
                ? try ModelSignature(mlmodel: artifact.document(model, .manifest), path: model) : nil
        )
    }

    /// A module `a.b` is `a/b.py` or the package `a/b/`.
    private static func check(entrypoint: String, in workDirectory: String, _ artifact: Artifact, _ manifest: String)
        throws
    {
        let parts = entrypoint.split(separator: ".", omittingEmptySubsequences: false)
        let isModule = parts.allSatisfy { part in
            part.first.map { !$0.isNumber } ?? false && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        }
        guard isModule, !entrypoint.hasSuffix(".py") else {
            throw ModelError(
                .manifest,
                manifest,
                "model.entrypoint is \"\(entrypoint)\", which is not the name of a Python module; write \"entrypoint\" for entrypoint.py"
            )
        }
        let module = join(workDirectory, parts.joined(separator: "/"))
        guard artifact.isFile(module + ".py") || artifact.isDirectory(module) else {
            throw ModelError(
                .missingFile,
                manifest,
                "model.entrypoint is \"\(entrypoint)\", and the artifact has neither \"\(module).py\" nor the package \"\(module)/\""
            )
        }
    }
}
