import JSON

/// `conda.yaml`: channels, Conda packages and a section of pip's, read as what PyPI has for it.
struct CondaEnvironment {
    let requirements: EnvironmentRequirements

    init(_ artifact: Artifact, path: String) throws {
        let document = try artifact.document(path, .environment)
        guard document.objectValue != nil else { throw ModelError(.environment, path, "it is not a mapping") }
        guard let dependencies = document["dependencies"], dependencies != .null else {
            throw ModelError(.environment, path, "dependencies is not set; list the model's packages")
        }
        guard let entries = dependencies.arrayValue else {
            throw ModelError(.environment, path, "dependencies is not a list")
        }
        var reader = CondaReader(path: path, requirements: RequirementsReader(artifact))
        let channels = document["channels"]?.arrayValue?.compactMap(\.stringValue) ?? []
        reader.source.channels = channels.map(CondaSource.withoutCredentials)
        if !channels.isEmpty {
            let names = channels.map { $0.contains("://") ? "an address" : $0 }.joined(separator: ", ")
            reader.requirements.note("The Conda channels (\(names)) are not used: packages come from PyPI.")
        }
        if let variables = document["variables"]?.objectValue, !variables.isEmpty {
            reader.requirements.note(
                "The Conda variables (\(variables.keys.sorted().joined(separator: ", "))) are not set in the image."
            )
        }
        for entry in entries { try reader.read(entry) }
        requirements = reader.finish()
    }
}

private struct CondaReader {
    let path: String
    var requirements: RequirementsReader
    var source: CondaSource
    private var pythonVersion: String?

    init(path: String, requirements: RequirementsReader) {
        self.path = path
        self.requirements = requirements
        source = CondaSource(file: path)
    }

    mutating func read(_ entry: JSONValue) throws {
        switch entry {
        case .string(let text): try read(package: text)
        case .object(let section):
            guard let lines = section["pip"], section.count == 1 else {
                let names = section.keys.sorted().joined(separator: ", ")
                throw ModelError(.environment, path, "dependencies has a section \(names); only pip is known")
            }
            guard lines != .null else { return }
            guard let list = lines.arrayValue?.map(\.stringValue), !list.contains(nil) else {
                throw ModelError(.environment, path, "dependencies.pip is not a list of strings")
            }
            let before = requirements.count
            for line in list.compactMap(\.self) { try requirements.read(line: line, of: path) }
            source.pip += requirements.read(since: before)
        default:
            throw ModelError(
                .environment,
                path,
                "dependencies has an entry that is neither a string nor the pip section"
            )
        }
    }

    func finish() -> EnvironmentRequirements {
        var environment = requirements.requirements(pythonVersion: pythonVersion)
        environment.conda = source
        return environment
    }

    private mutating func read(package text: String) throws {
        let spec = try CondaSpec(text, file: path)
        source.specs.append(text.prefix { $0 != "#" }.trimmed)
        if spec.name == "python" { return try readPython(spec) }
        switch CondaPackage.named(spec.name) {
        case .pypi(let name, let hasLongerVersions):
            let version = try CondaVersion.specifiers(spec.version, of: spec, asPrefix: hasLongerVersions, file: path)
            var note = "Conda's \(text.trimmed) is PyPI's \(name + version)"
            if let build = spec.build { note += " (the build \(build) has no counterpart)" }
            if spec.version.contains("|") { note += " (the last of the alternatives)" }
            requirements.append(name + version, note: note + ".")
        case .ignored(let reason): requirements.note("Conda's \(text.trimmed) is left out: \(reason).")
        case .system: source.system.append(spec.name)
        case nil: source.unknown.append(spec.name)
        }
    }

    private mutating func readPython(_ spec: CondaSpec) throws {
        let specifiers = try CondaVersion.specifiers(spec.version, of: spec, file: path)
        pythonVersion = CondaVersion.python(specifiers)
        if let pythonVersion {
            let isFixed = specifiers.hasPrefix("==")
            requirements.note(
                "Conda's \(spec.text.trimmed) is Python \(pythonVersion)\(isFixed ? "" : ", the lowest that it allows for certain")."
            )
        } else {
            requirements.note("Conda's \(spec.text.trimmed) leaves the version of Python open.")
        }
        if pythonVersion?.hasPrefix("3.") == false {
            throw ModelError(.environment, path, "dependencies has \"\(spec.text)\": only Python 3 is supported")
        }
    }
}
