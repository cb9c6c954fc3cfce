import FileSystem
import FoundationEssentials
import JSON
import Subprocess
import SystemPackage
import Testing

/// Models as artifacts, with the program itself, Debian's registry and skopeo.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ModelTests {
    /// A place where models are kept, and what it takes to ask for them there.
    private struct Place {
        var directory: FilePath
        var registry: TestRegistry
        var name = "one"

        var root: FilePath { directory.appending("root-\(name)") }

        func model(_ arguments: String..., input: String = "") async throws -> CommandResult {
            let environment: [String: String?] = [
                "ORMB_ROOTPATH": root.string, "PACKAGER_DATA": directory.appending("data-\(name)").string,
                "HOME": directory.string, "DOCKER_CONFIG": nil, "XDG_RUNTIME_DIR": nil,
            ]
            return try await command("packager", ["model"] + arguments, environment: environment, input: input)
        }
    }

    @Test func modelsTravelThroughARegistry() async throws {
        try await withPlace { place in
            let source = place.directory.appending("iris")
            try Self.makeModel(in: source)
            let name = "\(place.registry.host)/iris/sklearn:v1"

            let saved = try await place.model("save", source.string, name).succeeded()
            let lines = saved.output.split(separator: "\n").map(String.init)
            #expect(lines[0] == "ref:       \(name)" && lines[1].hasPrefix("digest:    ") && lines[1].count == 11 + 64)
            #expect(lines[2].wholeMatch(of: /size:      2\.0MB/) != nil, "\(lines[2])")
            #expect(lines.dropFirst(3) == ["format:    Safetensors", "v1: saved"])

            // Without credentials it is said what is missing; with wrong ones, too.
            let refused = try await place.model("push", name)
            #expect(refused.status == .exited(1))
            #expect(refused.error.contains("wants credentials"), "\(refused.error)")
            let wrong = try await place.model(
                "login",
                place.registry.host,
                "-u",
                "nobody",
                "--password-stdin",
                input: "wrong\n"
            )
            #expect(wrong.status == .exited(1) && !wrong.error.contains("wrong\n"))
            let login = try await place.model(
                "login",
                place.registry.host,
                "-u",
                TestRegistry.username,
                "--password-stdin",
                input: TestRegistry.password + "\r\n"
            ).succeeded()
            #expect(login.output == "Login succeeded\n")

            let pushed = try await place.model("push", name).succeeded()
            #expect(pushed.output.hasPrefix("The push refers to repository [\(place.registry.host)/iris/sklearn]\n"))
            #expect(pushed.output.hasSuffix("v1: pushed to remote (1 layer, 2.0MB total)\n"))
            // The same files as ModelPack: another manifest, other blobs.
            let pack = "\(place.registry.host)/iris/pack:v1"
            try await place.model("save", source.string, pack, "--profile", "modelpack").succeeded()
            try await place.model("push", pack).succeeded()

            try await pullAndExport(name, pack, source, place)
            try await copyAndCompare(name, pack, place)
            try await initialize(name, place)
            let logout = try await place.model("logout", place.registry.host).succeeded()
            #expect(logout.output == "Logout succeeded\n")
            #expect(try await place.model("logout", place.registry.host).status == .exited(1))
        }
    }

    /// On another machine, as it were.
    private func pullAndExport(_ name: String, _ pack: String, _ source: FilePath, _ first: Place) async throws {
        var place = first
        place.name = "two"
        try await login(place)
        for reference in [name, pack] {
            let pulled = try await place.model("pull", reference).succeeded()
            #expect(pulled.output.hasSuffix("Status: Downloaded newer model for \(reference)\n"))
            let again = try await place.model("pull", reference).succeeded()
            #expect(again.output.hasSuffix("Status: Model is up to date for \(reference)\n"))
            let out = place.directory.appending("out-\(reference == name ? "ormb" : "pack")")
            try await place.model("export", reference, "-d", out.string).succeeded()
            for path in ["model/weights.safetensors", "model/config.json", "model/sub/notes.txt"] {
                #expect(try out.appending(path).readAll() == source.appending(path).readAll())
            }
            try await place.model("verify", reference).succeeded()
        }
        // A digest keeps what it names.
        let document = try await place.model("inspect", name, "-o", "json").succeeded().json
        let digest = try #require(document[0]?["digest"]?.stringValue)
        let pinned = "\(name.dropLast(3))@\(digest)"
        try await place.model("pull", pinned).succeeded()
        let listed = try await place.model("ls", "-o", "name").succeeded()
        #expect(Set(listed.output.split(separator: "\n").map(String.init)) == [name, pack, pinned])

        let part = place.directory.appending("part")
        try await place.model("pull", pack, "--include", "*.json", "-d", part.string).succeeded()
        #expect(try part.appending("model").entries().map(\.string) == ["config.json"])

        for reference in [name, pack, pinned] { try await place.model("remove", reference).succeeded() }
        let planned = try await place.model("gc", "--dry-run").succeeded()
        let removed = try await place.model("gc").succeeded()
        #expect(planned.output.split(separator: "\n").count > 5)
        #expect(planned.output.replacing("to be removed", with: "removed") == removed.output)
        #expect(try place.root.appending("cache/blobs/sha256").entries().isEmpty)
    }

    private func copyAndCompare(_ name: String, _ pack: String, _ place: Place) async throws {
        let copy = "\(place.registry.host)/prod/pack:v2"
        let copied = try await place.model("copy", pack, copy).succeeded()
        #expect(copied.output.contains(" 0B sent"), "\(copied.output)")
        #expect(try place.registry.uploads(to: "prod/pack").blobs.isEmpty)
        // The same model in two profiles is the same model.
        try await place.model("diff", name, copy).succeeded()
        let other = place.directory.appending("other")
        try Self.makeModel(in: other)
        try other.appending("model/config.json").write("{\"changed\": true}")
        let changed = "\(place.registry.host)/iris/sklearn:v2"
        try await place.model("save", other.string, changed).succeeded()
        let difference = try await place.model("diff", name, changed)
        #expect(difference.status == .exited(1) && difference.output == "~ config.json 2B -> 17B\n")

        let layout = place.directory.appending("skopeo")
        let access = ["--insecure-policy", "copy", "--src-tls-verify=false"]
        let credentials = ["--src-creds", "\(TestRegistry.username):\(TestRegistry.password)"]
        for (number, reference) in [name, pack].enumerated() {
            let target = "oci:\(layout):m\(number)"
            try await command("skopeo", access + credentials + ["docker://\(reference)", target]).succeeded()
        }
        // And our own cache is a layout that others read.
        let cache = "oci:\(place.root)/cache:\(name)"
        try await command("skopeo", ["--insecure-policy", "copy", cache, "oci:\(layout):m2"]).succeeded()
    }

    private func initialize(_ name: String, _ place: Place) async throws {
        var fresh = place
        fresh.name = "three"
        let target = place.directory.appending("mnt/models")
        let environment: [String: String?] = [
            "ORMB_ROOTPATH": fresh.root.string, "PACKAGER_DATA": place.directory.appending("data-three").string,
            "HOME": place.directory.string, "DOCKER_CONFIG": nil, "ORMB_USERNAME": TestRegistry.username,
            "ORMB_PASSWORD": TestRegistry.password,
        ]
        try await command(
            "packager",
            ["model", "initialize", "oci://\(name)", target.string],
            environment: environment
        ).succeeded()
        #expect(try target.entries().map(\.string) == ["1", "ormbfile.yaml"])
        #expect(try target.appending("1/config.json").text() == "{}")
    }

    /// Formats, with names of files that make a model of each.
    private static let formats: [(format: String, files: [String])] = [
        ("SavedModel", ["saved_model.pb", "variables/variables.index"]), ("ONNX", ["m.onnx"]), ("H5", ["m.h5"]),
        ("PMML", ["m.pmml"]), ("CaffeModel", ["m.caffemodel", "m.prototxt"]),
        ("NetDef", ["init_net.pb", "predict_net.pb"]), ("MXNetParams", ["m-symbol.json", "m.params"]),
        ("TorchScript", ["m.pt"]), ("GraphDef", ["m.graphdef"]), ("TensorRT", ["m.engine"]), ("SKLearn", ["m.joblib"]),
        ("XGBoost", ["m.xgboost"]), ("MLflow", ["MLmodel", "data/m.bin"]), ("Pickle", ["m.pickle"]),
        ("Others", ["a", "b/c d/é"]),
    ]

    @Test func everyFormatTravels() async throws {
        try await withPlace { place in
            var other = place
            other.name = "two"
            try await login(place)
            try await login(other)
            let second = other
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, (format, files)) in Self.formats.enumerated() {
                    if number >= 4 { try await group.next() }
                    group.addTask { try await Self.travel(format, files, from: place, to: second) }
                }
                try await group.waitForAll()
            }
        }
    }

    private static func travel(_ format: String, _ files: [String], from place: Place, to other: Place) async throws {
        let source = place.directory.appending("in-\(format)")
        let out = place.directory.appending("out-\(format)")
        for file in files {
            let path = source.appending("model").pushing(FilePath(file))
            try path.removingLastComponent().createDirectories()
            try path.write("\(format) \(file)")
        }
        try source.appending("ormbfile.yaml").write("format: \(format)\n")
        let name = "\(place.registry.host)/formats/\(format.lowercased()):v1"
        let saved = try await place.model("save", source.string, name).succeeded().output
        #expect(saved.contains("format:    \(format)\n"))
        try await place.model("push", name).succeeded()
        try await other.model("pull", name).succeeded()
        try await other.model("export", name, "-d", out.string).succeeded()
        for file in files {
            #expect(try out.appending("model").pushing(FilePath(file)).text() == "\(format) \(file)")
        }
        #expect(try await place.model("save", out.string, name).succeeded().output == saved, "\(format)")
    }

    @Test func whatIsWrongIsSaidInASentence() async throws {
        try await withPlace { place in
            let table: [(arguments: [String], message: String)] = [
                (
                    ["push", "\(place.registry.host)/none/here:v1"],
                    "Model not found: \(place.registry.host)/none/here:v1"
                ),
                (["export", "\(place.registry.host)/none/here"], "tag explicitly required"),
                (["save", place.directory.string, "x.test/a:v1"], "has no directory \"model\""),
                (["remove", "x.test/a/b:v1"], "Model not found: x.test/a/b:v1"),
                (["tag", "x.test/a:v1", "x.test/b:v1"], "Failed to find the ref x.test/a:v1"),
            ]
            for (arguments, message) in table {
                let result = try await place.model(
                    arguments[0],
                    arguments[1],
                    arguments.dropFirst(2).first ?? "--ormb-names"
                )
                #expect(result.status == .exited(1), "\(arguments)")
                #expect(
                    result.error.contains(message) && result.error.split(separator: "\n").count == 1,
                    "\(result.error)"
                )
            }
        }
    }

    private func login(_ place: Place) async throws {
        try await place.model(
            "login",
            place.registry.host,
            "-u",
            TestRegistry.username,
            "--password-stdin",
            input: TestRegistry.password
        ).succeeded()
    }

    private func withPlace(_ body: @Sendable (Place) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: .temporaryDirectories, prefix: "models") { directory in
            try await withRegistry(in: directory, port: freePorts(1)[0]) { registry in
                try await body(Place(directory: directory, registry: registry))
            }
        }
    }

    /// Two MiB of weights that do not compress, and small files.
    private static func makeModel(in directory: FilePath) throws {
        let model = directory.appending("model")
        try model.appending("sub").createDirectories()
        let header = #"{"w":{"dtype":"U8","shape":[2097152],"data_offsets":[0,2097152]}}"#
        var weights = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        for _ in 0..<(2_097_152 / 8) {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            withUnsafeBytes(of: state) { weights += $0 }
        }
        try model.appending("weights.safetensors").writeAtomically(weights)
        try model.appending("config.json").write("{}")
        try model.appending("sub/notes.txt").write("notes")
        try directory.appending("ormbfile.yaml").write("format: Safetensors\nauthor: Ann\n")
    }
}
