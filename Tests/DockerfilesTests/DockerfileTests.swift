import DockerREST
import ImageAssembler
import JSON
import OCI
import Testing

@testable import Dockerfiles
@testable import PythonLayers

/// The Dockerfile of docker-rest, read as a builder reads it.
@Suite struct DockerfileTests {
    @Test func saysWhatTheRecipeSays() throws {
        let recipe = try recipe(arguments: ["port": 8080])
        let expected =
            [
                Instruction("FROM", "registry.test/base:1", "AS", "environment"),
                Instruction("USER", "0:0"),
                Instruction("ARG", "PIP_INDEX_URL"),
                Instruction("ARG", "PIP_EXTRA_INDEX_URL"),
                Instruction("COPY", "requirements.txt", "wheels/", "/tmp/packager/"),
                Instruction("RUN", "/usr/bin/python3.11", "-m", "venv", "--without-pip", "/opt/venv"),
                Instruction(
                    "RUN",
                    "/opt/venv/bin/python",
                    "/tmp/packager/pip-25.0.1-py3-none-any.whl/pip",
                    "install",
                    "--disable-pip-version-check",
                    "--no-cache-dir",
                    "--no-warn-script-location",
                    "--root-user-action=ignore",
                    "--no-deps",
                    "--only-binary=:all:",
                    "--require-hashes",
                    "--find-links=/tmp/packager/",
                    "--requirement=/tmp/packager/requirements.txt"
                ),
                Instruction("FROM", "registry.test/base:1"),
                Instruction("COPY", "--from=environment", "/opt/venv", "/opt/venv"),
                Instruction(
                    "COPY",
                    "files/model-runtime/opt/packager/packager_model/",
                    "/opt/packager/packager_model/"
                ),
                Instruction("COPY", "files/wrapper/opt/packager/", "/opt/packager/"),
                Instruction("COPY", "model/", "/model/"),
            ] + assignments(of: recipe) + [
                Instruction("EXPOSE", "8080"),
                Instruction("USER", "65532:65532"),
                Instruction("WORKDIR", "/model"),
                Instruction("ENTRYPOINT", words: recipe.entrypoint),
                Instruction("CMD", words: recipe.command),
            ]
        let text = try dockerfile(of: recipe)
        #expect(try DockerfileParser.instructions(in: text) == expected, "\(text)")
        #expect(text.contains("ENV PATH=\"/opt/venv/bin:${PATH}\"\n"))
    }

    @Test func packagesOfTheBaseAreSeenOrMakeRoom() throws {
        let create = ["/usr/bin/python3.11", "-m", "venv", "--without-pip"]
        var environment = resolvedEnvironment()
        environment.seesSystem = true
        let seeing = try DockerfileParser.instructions(in: dockerfile(of: recipe(), on: environment))
        #expect(seeing.contains(Instruction("RUN", words: create + ["--system-site-packages", "/opt/venv"])))
        #expect(seeing.count { $0.name == "RUN" } == 2)

        environment.seesSystem = false
        environment.extendsBase = true
        environment.removed = ["/opt/venv/lib/python3.11/site-packages/a b$\"c"]
        let text = try dockerfile(of: recipe(), on: environment)
        let extending = try DockerfileParser.instructions(in: text)
        #expect(extending.contains(Instruction("RUN", words: create + ["--clear", "/opt/venv"])))
        let last = try #require(extending.lastIndex { $0.name == "FROM" })
        #expect(extending[last + 1] == Instruction("USER", "0:0"))
        let removal = extending[last + 2]
        #expect(removal.words.prefix(2) == ["/usr/bin/python3.11", "-c"])
        #expect(removal.words.dropFirst(3) == ["/opt/venv/lib/python3.11/site-packages/a b$\"c"])
        #expect(extending[last + 3] == Instruction("COPY", "--from=environment", "/opt/venv", "/opt/venv"))
    }

    @Test func requirementsNameWhatTheBaseHas() throws {
        var environment = resolvedEnvironment()
        environment.inBase = [.init(name: "numpy", version: "1.26.4")]
        #expect(try RequirementsFile(environment).text.contains("\n# In the base: numpy==1.26.4\n"))
        environment.inBase = [.init(name: "numpy", version: "1\nevil==1")]
        #expect(throws: DockerfileError.self) { try RequirementsFile(environment) }
    }

    @Test func baseIsPinnedWhereThatIsWanted() throws {
        let base = try baseImage().descriptor.digest
        let instructions = try DockerfileParser.instructions(in: dockerfile(of: recipe(), pin: true))
        let froms = instructions.filter { $0.name == "FROM" }.map { $0.words[0] }
        #expect(froms == ["registry.test/base@\(base)", "registry.test/base@\(base)"])
    }

    /// Whatever a model is called, the image is the same but for that name.
    @Test(arguments: [
        "$HOME", "${PATH}", "a${PATH:-b}c", "\\", "\\\\", "ends with \\", "\\$HOME", "\"", "\" RUN id \"", "a\"b'c`d`",
        "# escape=`", "# syntax=evil/frontend", "<<EOF", "<<-\"EOF\"", "a b\tc", "  ", "", "{{base}}", "{{{user}}}",
        "é 模型 \u{2028}RUN id", "[\"a\"]", "a=b c=d", "$(id)", "%s %n", "\u{FEFF}x", "--from=x", "*", "\\\"", "&lt;",
    ])
    func hostileValuesStayValues(value: String) throws {
        var recipe = try recipe(name: value)
        recipe.entrypoint.append(value)
        recipe.command.append(value)
        recipe.annotations["org.example.note"] = value
        let instructions = try DockerfileParser.instructions(in: dockerfile(of: recipe))
        var harmless = recipe
        harmless.environment["ODAHU_MODEL_NAME"] = "wine"
        harmless.labels["io.packager.model.name"] = "wine"
        harmless.annotations = recipe.annotations.mapValues { _ in "wine" }
        let names = try DockerfileParser.instructions(in: dockerfile(of: harmless)).map(\.name)
        #expect(instructions.map(\.name) == names)
        #expect(instructions.filter { $0.name == "ENV" || $0.name == "LABEL" } == assignments(of: recipe))
        #expect(instructions.suffix(2).map(\.words) == [recipe.entrypoint, recipe.command])
    }

    /// What no Dockerfile can hold is said before anything is written.
    @Test(arguments: ["a\nRUN id", "a\r\nRUN id", "a\rb", "\n", "a\u{0}", "\u{7F}", "\u{85}", "\u{1B}[31m"])
    func lineBreaksAreRefused(value: String) throws {
        #expect(throws: DockerfileError.self) { try dockerfile(of: recipe(name: value)) }
        for change in [
            { (recipe: inout ImageRecipe) in recipe.environment["A"] = value },
            { (recipe: inout ImageRecipe) in recipe.environment[value] = "a" },
            { (recipe: inout ImageRecipe) in recipe.labels[value] = "a" },
            { (recipe: inout ImageRecipe) in recipe.user = value },
            { (recipe: inout ImageRecipe) in recipe.workingDirectory = value },
            { (recipe: inout ImageRecipe) in recipe.layers.append(.artifact(prefix: value)) },
        ] {
            var recipe = try recipe()
            recipe.layers.removeLast()
            change(&recipe)
            #expect(throws: DockerfileError.self) { try dockerfile(of: recipe) }
        }
    }

    @Test func argumentsMayHaveLineBreaksButNoNUL() throws {
        var recipe = try recipe()
        recipe.command = ["a\nRUN id", "\u{1}", "\\\n"]
        let instructions = try DockerfileParser.instructions(in: dockerfile(of: recipe))
        #expect(instructions.last == Instruction("CMD", words: recipe.command))
        recipe.command = ["\u{0}"]
        #expect(throws: DockerfileError.self) { try dockerfile(of: recipe) }
    }

    /// The variables and labels of a recipe, of which only `PATH` is replaced.
    private func assignments(of recipe: ImageRecipe) -> [Instruction] {
        let variables = recipe.environment.sorted { $0.key < $1.key }.map { name, value in
            let value = name == "PATH" ? "/opt/venv/bin:" + Instruction.variable("PATH") : value
            return Instruction("ENV", name, value)
        }
        let labels = recipe.annotations.merging(recipe.labels) { _, new in new }.sorted { $0.key < $1.key }
        return variables + labels.map { Instruction("LABEL", $0.key, $0.value) }
    }
}
