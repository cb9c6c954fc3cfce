import Archive
import ArgumentParser
import FileSystem
import ImageAssembler
import JSON
import PackagerAPI
import PackagerCore
import SystemPackage
import Testing

@testable import PackagerCLI

/// Environment over file over default; flags are tested where they are.
@Suite struct SettingsTests {
    private func file(_ text: String, _ body: (SettingsFile) throws -> Void) async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "settings") { directory in
            let path = directory.appending("config.toml")
            try path.writeAtomically(text.utf8)
            try body(SettingsFile(path))
        }
    }

    @Test func theVariableGoesBeforeTheFile() async throws {
        try await file("url = \"http://file:1\"\nport = 6000\nfile-root = [\"/a\", \"/b\"]\n") { file throws in
            let sources = SettingSources(
                environment: ["PACKAGER_URL": "http://env:1", "PACKAGER_PORT": ""],
                file: file
            )
            #expect(sources.value(of: .url) == .init(text: "http://env:1", source: .variable("PACKAGER_URL")))
            #expect(sources.value(of: .port) == .init(text: "6000", source: .file(file.path)))
            #expect(sources.value(of: .fileRoot)?.text == "/a:/b")
            #expect(sources.value(of: .host) == nil)
            #expect(Setting.url.document(showSecrets: false, in: sources)["from"] == "PACKAGER_URL")
            #expect(Setting.port.document(showSecrets: false, in: sources)["from"] == .string(file.path.string))
            #expect(Setting.host.document(showSecrets: false, in: sources)["from"] == "default")
            #expect(Setting.host.document(showSecrets: false, in: sources)["value"] == "127.0.0.1")
        }
    }

    @Test func aTokenIsHiddenUntilItIsAskedFor() async throws {
        try await file("token = \"s3cret\"\n") { file throws in
            let sources = SettingSources(environment: [:], file: file)
            #expect(Setting.token.document(showSecrets: false, in: sources)["value"] == "****")
            #expect(Setting.token.document(showSecrets: true, in: sources)["value"] == "s3cret")
        }
    }

    @Test(arguments: [
        ("ulr = \"a\"\n", "there is no setting \"ulr\"; did you mean \"url\"?"),
        ("[server]\nurl = \"a\"\n", "there is no setting \"server\""),
        ("# note\nurl = \n", "line 2"),
        ("url = [\"a\"]\n", "url must be a string or a number"),
        ("file-root = [1]\n", "file-root must be a string or a number, or a list of strings"),
    ])
    func aMistakeInTheFileIsNamed(text: String, words: String) async throws {
        let error = await #expect(throws: CommandError.self) { try await file(text) { _ in } }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func settingKeepsCommentsAndIsForTheOwnerOnly() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "settings") { directory in
            let path = directory.appending("new").appending("config.toml")
            var file = try SettingsFile(path)
            file.set(.token, to: "quote \" back \\ tab \t ü")
            try file.write()
            #expect(try FileIdentity(of: path).mode & 0o777 == 0o600)
            #expect(try SettingsFile(path).values == ["token": "quote \" back \\ tab \t ü"])

            try path.writeAtomically("# mine\nurl = \"http://a:1\" # old\ntoken = \"t\"\n".utf8)
            file = try SettingsFile(path)
            file.set(.url, to: "http://b:1")
            file.set(.token, to: nil)
            file.set(.workers, to: "4")
            try file.write()
            let text = String(decoding: try path.readAll(), as: UTF8.self)
            #expect(text == "# mine\nurl = \"http://b:1\"\nworkers = \"4\"\n")
            #expect(try SettingsFile(path).values == ["url": "http://b:1", "workers": "4"])
        }
    }

    @Test func aValueOfSeveralLinesIsLeftToThePerson() async throws {
        try await file("file-root = [\n  \"/a\",\n]\n") { file throws in
            var file = file
            file.set(.fileRoot, to: "/b")
            let error = #expect(throws: CommandError.self) { try file.write() }
            #expect(error?.description.contains("several lines") == true)
            #expect(try SettingsFile(file.path).values == ["file-root": "/a"])
        }
    }

    @Test(arguments: [
        (["PACKAGER_CONFIG": "/c.toml", "HOME": "/h"], "/c.toml"),
        (["XDG_CONFIG_HOME": "/x", "HOME": "/h"], "/x/packager/config.toml"),
        (["XDG_CONFIG_HOME": "", "HOME": "/h"], "/h/.config/packager/config.toml"),
    ])
    func theFileIsWhereTheUsersConfigurationIs(environment: [String: String], path: String) {
        #expect(SettingsFile.path(in: environment).string == path)
    }

    @Test func namesAreODAHUsToo() throws {
        #expect(try Setting.required("API_URL").name == "url")
        let error = #expect(throws: CommandError.self) { try Setting.required("wrokers") }
        #expect(error?.description == "Variable 'wrokers' is unknown; did you mean \"workers\"?")
    }

    @Test func everyVariableThatHelpSpeaksOfIsInTheList() throws {
        let known = Set(Setting.all.map(\.variable) + ["PACKAGER_CONFIG"])
        let help = PackagerCommand._dumpHelp()
        let spoken = help.matches(of: /PACKAGER_[A-Z_]+[A-Z]/).map { String($0.output) }
        #expect(spoken.count > 10)
        for variable in Set(spoken) { #expect(known.contains(variable), "\(variable) is not in Setting.all") }
    }

    @Test(arguments: [
        ("port", "\(APIConfiguration().port)"), ("host", APIConfiguration().host),
        ("workers", "\(PackagerConfiguration(data: "/").workers)"),
        ("grace", "\(Int(PackagerConfiguration(data: "/").graceSeconds))"),
        ("lease", "\(Int(PackagerConfiguration(data: "/").leaseSeconds))"),
        ("max-entries", "\(ArchiveLimits().maximumEntries)"), ("max-bytes", "\(ArchiveLimits().maximumBytes)"),
        ("compression", ImageAssembler.Options().compression.rawValue),
        ("allow-dockerfile-templates", "\(BuilderPolicy().templates)"),
    ])
    func theDefaultsThatAreToldAreThoseThatHold(name: String, value: String) throws {
        #expect(try Setting.required(name).defaultValue == value)
    }

    @Test func aValueThatCannotBeIsRefusedWithWhoSaysIt() async throws {
        try await file("port = \"high\"\ncompression = \"tiny\"\n") { file throws in
            var sources = SettingSources(environment: [:], file: file)
            let inFile = #expect(throws: ValidationError.self) {
                let _: Int? = try Setting.port.parsed(in: sources)
            }
            #expect(inFile?.message == "port in \(file.path) is \"high\", which is not valid")
            sources.environment = ["PACKAGER_COMPRESSION": "huge"]
            let inEnvironment = #expect(throws: ValidationError.self) {
                let _: CompressionMode? = try Setting.compression.parsed(in: sources)
            }
            #expect(
                inEnvironment?.message.hasPrefix("PACKAGER_COMPRESSION is \"huge\", which is not valid; it can be")
                    == true
            )
            #expect(try Setting.workers.parsed(as: Int.self, in: sources) == nil)
        }
    }

    @Test(arguments: Setting.all.map(\.name)) func everySettingIsAFlagThatSaysSo(name: String) throws {
        let setting = try Setting.required(name)
        let options = try CommandDescription.tree().flattened.flatMap(\.displayedArguments)
            .filter { $0.names?.contains { $0.name == name } == true }
        #expect(!options.isEmpty)
        for option in options { #expect(option.abstract?.contains(setting.variable) == true) }
    }
}
