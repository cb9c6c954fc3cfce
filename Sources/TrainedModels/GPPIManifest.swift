import JSON

/// `odahuflow.project.yaml`, field by field.
struct GPPIManifest {
    let path: String
    let document: JSONValue

    func checkBinaries() throws {
        guard document.objectValue != nil else { throw incorrect("it is \(kind(document)) and not a mapping") }
        guard let binaries = document["binaries"], binaries != .null else {
            throw incorrect("the section binaries is not set; add binaries with type, dependencies and conda_path")
        }
        try checkMapping("binaries", binaries)
        let type = try text("binaries.type", binaries["type"])
        guard type == "python" else {
            throw ModelError(
                .manifest,
                path,
                "Unsupported model binaries type: \(type); binaries.type has to be python"
            )
        }
        let dependencies = try text("binaries.dependencies", binaries["dependencies"])
        guard dependencies == "conda" else {
            throw ModelError(
                .manifest,
                path,
                "Unsupported model dependencies type: \(dependencies); binaries.dependencies has to be conda"
            )
        }
        guard let model = document["model"], model != .null else {
            throw ModelError(
                .manifest,
                path,
                "Model section is not set; add model with name, version, workDir and entrypoint"
            )
        }
        try checkMapping("model", model)
        guard let version = document["odahuflowVersion"], version != .null, version != "" else {
            throw ModelError(.manifest, path, "odahuflowVersion is not set; add odahuflowVersion: '1.0'")
        }
        _ = try text("odahuflowVersion", version)
    }

    func modelField(_ name: String) throws -> String { try text("model.\(name)", document["model"]?[name]) }

    func condaPath() throws -> String {
        guard let value = document["binaries"]?["conda_path"], value != .null, value != "" else {
            throw ModelError(
                .manifest,
                path,
                "Conda path is not set; add binaries.conda_path, the path of conda.yaml in the artifact"
            )
        }
        return try text("binaries.conda_path", value)
    }

    func path(_ field: String, _ written: String, below directory: String) throws -> String {
        guard let result = Artifact.path(written, below: directory) else {
            throw incorrect(
                "\(field) is \"\(written)\", which leads out of the artifact; write a path relative to this file"
            )
        }
        return result
    }

    private func text(_ field: String, _ value: JSONValue?) throws -> String {
        switch value {
        case .string(let text)? where !text.isEmpty: return text
        case .string, .null, nil: throw incorrect("\(field) is not set; add it")
        case .some(let other): throw incorrect("\(field) is \(kind(other)) and not a string; put it in quotes")
        }
    }

    private func checkMapping(_ field: String, _ value: JSONValue) throws {
        guard value.objectValue != nil else { throw incorrect("\(field) is \(kind(value)) and not a mapping") }
    }

    private func incorrect(_ reason: String) -> ModelError {
        ModelError(.manifest, path, "Odahu manifest file is in incorrect format: \(reason)")
    }

    private func kind(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "a mapping"
        }
    }
}
