import ImageAssembler
import OCI
import PythonLayers

/// What a template can say of an image. Every text is written as a Dockerfile takes it: a template puts no quotes around
/// it.
package struct DockerfileValues: Sendable, Hashable, Codable {
    /// The image to build on, as it stands after `FROM`.
    package var base: String
    /// The same as the user named it.
    package var baseName: String
    /// What that name stood for when the recipe was written.
    package var baseDigest: String
    /// How the Python environment is made; nil for an image without one.
    package var environment: Environment?
    /// The arguments of the `ADD` instructions for layers that are in the context as they are, tars that every builder
    /// unpacks; they lie below what is copied.
    package var additions: [String]
    /// The arguments of the `COPY` instructions, from the lowest to the highest layer.
    package var copies: [String]
    /// In the order of their names.
    package var variables: [Assignment]
    /// In the order of their names; the recipe's annotations too, for a Dockerfile knows no annotations.
    package var labels: [Assignment]
    package var ports: [Int]
    package var user: String
    package var workingDirectory: String
    /// In JSON form.
    package var entrypoint: String
    /// In JSON form.
    package var command: String

    /// A Python environment that is made in a build stage of its own.
    package struct Environment: Sendable, Hashable, Codable {
        /// The base's interpreter.
        package var python: String
        /// Where the environment is in the image.
        package var prefix: String
        /// Where the stage has `requirements.txt` and the wheels; ends with a slash.
        package var directory: String
        /// pip's own wheel in that directory: it runs without being installed.
        package var pip: String
        /// The arguments of `RUN` that make the environment, without a package.
        package var create: String
        /// The arguments of `RUN`, as root and before the copies, that take from the base's environment what would be mixed
        /// with other versions; nil where nothing would.
        package var remove: String?
        /// The arguments of `RUN` that install the packages.
        package var install: String
        /// Whether packages come from an index, not only from the context.
        package var usesIndex: Bool
    }

    package struct Assignment: Sendable, Hashable, Codable {
        package var name: String
        package var value: String
    }
}

extension DockerfileValues {
    /// The name of the build stage that makes the environment.
    static let stage = "environment"

    /// - Parameters:
    ///   - pin: whether the base is named by its digest.
    ///   - archives: the finished layers in the context, from the lowest to the highest.
    ///   - environment: nil for a recipe without one.
    /// - Throws: ``DockerfileError`` for what no Dockerfile can say.
    init(
        _ recipe: ImageRecipe,
        on base: BaseImage,
        pin: Bool,
        layers: ContextLayers,
        archives: [String],
        environment: Environment?
    ) throws {
        let digest = base.descriptor.digest
        let pinned = ImageReference(host: recipe.base.host, repository: recipe.base.repository, digest: digest)
        self.base = (pin ? pinned : recipe.base).description
        baseName = recipe.base.description
        baseDigest = digest.description
        self.environment = environment
        additions = archives.map { "\($0) /" }
        copies = layers.copies
        variables = try recipe.environment.sorted { $0.key < $1.key }.map { name, value in
            guard Self.isVariable(name) else {
                throw DockerfileError(.unwritable, "\(name.debugDescription) is no name of an environment variable")
            }
            let text = try DockerfileText.quoted(value, of: "the variable \(name)", replacing: name)
            return Assignment(name: name, value: text)
        }
        labels = try recipe.annotations.merging(recipe.labels) { _, label in label }.sorted { $0.key < $1.key }
            .map { name, value in
                Assignment(
                    name: try DockerfileText.plain(name, of: "the name of a label"),
                    value: try DockerfileText.quoted(value, of: "the label \(name)")
                )
            }
        ports = recipe.exposedPorts.sorted()
        user = try DockerfileText.plain(recipe.user, of: "the user")
        workingDirectory = try DockerfileText.plain(recipe.workingDirectory, of: "the working directory")
        entrypoint = try DockerfileText.words(recipe.entrypoint, of: "the entrypoint")
        command = try DockerfileText.words(recipe.command, of: "the command")
    }

    private static func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return DockerfileText.isPlain(name) && !name.contains(where: { ".-+:/".contains($0) })
    }
}

extension DockerfileValues.Environment {
    /// - Parameters:
    ///   - pip: the file name of pip's wheel.
    ///   - usesIndex: whether pip may ask an index.
    init(_ resolved: ResolvedEnvironment, prefix: String, pip: String, usesIndex: Bool) throws {
        python = try DockerfileText.plain(resolved.interpreter.path, of: "the base's interpreter")
        self.prefix = prefix
        directory = "/tmp/packager/"
        self.pip = try DockerfileText.plain(directory + pip, of: "pip's wheel")
        self.usesIndex = usesIndex
        // Debian's Python has no ensurepip, the official images have it: without pip, one way fits both.
        create = try DockerfileText.words(
            [python, "-m", "venv", "--without-pip"]
                // Of the base's own environment, only what is added to it is copied.
                + (resolved.extendsBase ? ["--clear"] : [])
                + (resolved.seesSystem ? ["--system-site-packages"] : []) + [prefix],
            of: "the environment"
        )
        if !resolved.removed.isEmpty {
            remove = try DockerfileText.words([python, "-c", Self.remover] + resolved.removed, of: "the environment")
        }
        install = try DockerfileText.words(
            [
                "\(prefix)/bin/python", "\(directory)\(pip)/pip", "install", "--disable-pip-version-check",
                "--no-cache-dir", "--no-warn-script-location", "--root-user-action=ignore",
                // The lock is whole: nothing is resolved, built or chosen anew.
                "--no-deps", "--only-binary=:all:", "--require-hashes",
            ] + (usesIndex ? [] : ["--no-index"]) + [
                "--find-links=\(directory)", "--requirement=\(directory)\(BuildContext.requirements)",
            ],
            of: "the environment"
        )
    }

    /// Removes the files and directories that are its arguments.
    private static let remover =
        "import os, shutil, sys\n"
        + "for path in sys.argv[1:]:\n"
        + "    if os.path.isdir(path) and not os.path.islink(path):\n"
        + "        shutil.rmtree(path)\n"
        + "    elif os.path.lexists(path):\n"
        + "        os.remove(path)\n"
}
