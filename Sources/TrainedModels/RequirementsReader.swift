/// Reads pip's requirements files (and single lines of them) into PEP 508 requirements.
///
/// What depends on the machine (editable installs, local paths) is refused. Options about indexes are not followed, since
/// the packager has its own; a note says so.
struct RequirementsReader {
    private let artifact: Artifact
    private var requirements: [String] = []
    private var constraints: [String] = []
    private(set) var notes: [String] = []
    private var open: [String] = []

    init(_ artifact: Artifact) { self.artifact = artifact }

    func requirements(pythonVersion: String?) -> EnvironmentRequirements {
        EnvironmentRequirements(
            pythonVersion: pythonVersion,
            requirements: requirements,
            constraints: constraints,
            notes: notes
        )
    }

    var count: Int { requirements.count }

    /// The requirements from a number on.
    func read(since number: Int) -> [String] { Array(requirements[number...]) }

    mutating func append(_ requirement: String, note: String) {
        requirements.append(requirement)
        notes.append(note)
    }

    mutating func note(_ note: String) {
        if !notes.contains(note) { notes.append(note) }
    }

    mutating func read(file path: String, asConstraints: Bool = false) throws {
        guard !open.contains(path), open.count < 16 else {
            throw ModelError(.environment, path, "it includes itself")
        }
        open.append(path)
        defer { open.removeLast() }
        for line in Self.logicalLines(of: try artifact.text(path, .environment)) {
            try read(line: line, of: path, asConstraint: asConstraints)
        }
    }

    /// One logical line: a requirement or an option.
    mutating func read(line written: String, of path: String, asConstraint: Bool = false) throws {
        let line = Self.withoutComment(written)
        if line.isEmpty { return }
        if line.hasPrefix("-") { return try read(option: line, of: path, asConstraint: asConstraint) }
        let requirement = try Requirement(dropHashes(line, path), file: path).text
        if asConstraint { constraints.append(requirement) } else { requirements.append(requirement) }
    }

    private mutating func dropHashes(_ line: String, _ path: String) -> String {
        guard let option = line.firstRange(of: " --hash") ?? line.firstRange(of: "\t--hash") else { return line }
        note("The hashes in \(path) are not used: the lock takes those of the index.")
        return String(line[..<option.lowerBound]).trimmed
    }

    private mutating func read(option line: String, of path: String, asConstraint: Bool) throws {
        let end = line.firstIndex { $0 == "=" || $0.isWhitespace } ?? line.endIndex
        var name = String(line[..<end])
        var value = String(line[end...].drop { $0 == "=" || $0.isWhitespace })
        // "-rfile"
        if !name.hasPrefix("--"), name.count > 2 {
            value = String(name.dropFirst(2)) + line[end...]
            name = String(name.prefix(2))
        }
        switch name {
        case "-r", "--requirement": try include(value, of: path, asConstraints: asConstraint)
        case "-c", "--constraint": try include(value, of: path, asConstraints: true)
        case "-e", "--editable":
            throw ModelError(
                .environment,
                path,
                "an editable install (\(name)) points to sources on the training machine; put the code into the artifact or publish a wheel"
            )
        case "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--no-index", "--trusted-host",
            "--pypi-url":
            note("The option \(name) in \(path) is not used: packages come from the packager's own index.")
        case "--pre", "--prefer-binary", "--only-binary", "--no-binary", "--require-hashes", "--use-feature":
            note("The option \(name) in \(path) is not used.")
        default:
            throw ModelError(.environment, path, "the option \(name) is not known here; remove it")
        }
    }

    private mutating func include(_ written: String, of path: String, asConstraints: Bool) throws {
        guard let file = Artifact.path(written, below: ModelInspector.parent(path)) else {
            throw ModelError(
                .environment,
                path,
                "it includes \"\(written)\", which lies outside of the artifact's directory"
            )
        }
        guard artifact.isFile(file) else {
            throw ModelError(.missingFile, path, "it includes \"\(file)\", and the artifact has no such file")
        }
        try read(file: file, asConstraints: asConstraints)
    }

    /// Lines with those that end in a backslash joined to the next.
    static func logicalLines(of text: String) -> [String] {
        var lines: [String] = []
        var continued: String?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let isComment = line.trimmed.hasPrefix("#")
            if line.hasSuffix("\\"), !isComment {
                continued = (continued ?? "") + line.dropLast()
            } else {
                lines.append((continued ?? "") + line)
                continued = nil
            }
        }
        return lines + (continued.map { [$0] } ?? [])
    }

    /// A comment begins the line or follows white space; "#" within a URL stays.
    private static func withoutComment(_ line: String) -> String {
        var previous: Character = " "
        for index in line.indices {
            if line[index] == "#", previous.isWhitespace { return String(line[..<index]).trimmed }
            previous = line[index]
        }
        return line.trimmed
    }
}
