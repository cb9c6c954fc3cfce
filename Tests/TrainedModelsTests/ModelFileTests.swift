import FileSystem
import FoundationEssentials
import JSON
import SystemPackage
import Testing

@testable import TrainedModels

/// The models of `Tests/Fixtures/models` and what their own frameworks say of them (`make.py`).
enum Models {
    static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures/models")

    static let artifact = Artifact(root: root)

    static func part(_ name: String) throws -> ModelPart {
        try #require(try artifact.part(at: name))
    }

    static func json(_ name: String) throws -> JSONValue {
        try CanonicalJSON.decode(from: Data(try root.appending(name).readAll()))
    }

    /// Every ONNX model at the top.
    static let onnx: [String] = ((try? root.entries()) ?? []).map(\.string).filter { $0.hasSuffix(".onnx") }

    /// Inspects an artifact that holds copies of these files under new names.
    static func inspect(_ files: [String: String], with others: Fixture = [:]) async throws -> TrainedModel {
        try await withTemporaryDirectory(in: "/tmp", prefix: "models-tests") { directory in
            var list: [ModelFile] = []
            func add(_ path: String, _ bytes: [UInt8]) throws {
                let file = directory.appending(path)
                try file.removingLastComponent().createDirectories()
                try file.writeAtomically(bytes)
                list.append(ModelFile(path: path, size: Int64(bytes.count)))
            }
            for (path, source) in files { try add(path, try root.appending(source).readAll()) }
            for (path, text) in others where !path.hasSuffix("/") { try add(path, Array(text.utf8)) }
            for path in others.keys where path.hasSuffix("/") {
                try directory.appending(path).createDirectories()
            }
            return try await ModelInspector.inspect(root: directory, files: list, fallbackName: "fallback")
        }
    }
}

struct ONNXTests {
    private struct Report: Decodable {
        var traits: [String: Int]
        var signature: ModelSignature
    }

    @Test func thereAreModels() { #expect(Models.onnx.count >= 13) }

    @Test(arguments: Models.onnx) func theSignatureIsThatOfONNXItself(name: String) throws {
        let report = try CanonicalJSON.decode(
            Report.self,
            from: Data(try Models.root.appending(name + ".json").readAll())
        )
        let part = try Models.part(name)
        #expect(part.format == .onnx && part.path == name)
        #expect(part.signature == report.signature)
        #expect(part.traits == report.traits)
        #expect((part.problem != nil) == (name == "skl_zipmap.onnx"))
    }

    @Test func aZipMapIsAProblemWithAWayOut() throws {
        let problem = try #require(try Models.part("skl_zipmap.onnx").problem)
        #expect(problem.contains("the output \"output_probability\" is a sequence and not a tensor"))
        #expect(problem.contains("zipmap=False"))
    }

    @Test func externalDataHaveToBeThere() async throws {
        let model = ["model.onnx": "external_data/model.onnx"]
        let error = await #expect(throws: ModelError.self) { _ = try await Models.inspect(model) }
        #expect(error?.code == .missingFile)
        #expect(error?.description.contains("its weights are in \"weights.bin\"") ?? false)
        let found = try await Models.inspect(model, with: ["weights.bin": "1"])
        let report = try CanonicalJSON.decode(
            Report.self,
            from: Data(try Models.root.appending("external_data.onnx.json").readAll())
        )
        #expect(found.signature == report.signature)
    }

    @Test func gigabytesOfDataAreNotRead() throws {
        // An initialiser of 8 GiB in a sparse file: field 9 of a tensor of field 5 of the graph, field 7.
        func varint(_ value: UInt64) -> [UInt8] {
            var value = value
            var bytes: [UInt8] = []
            while value >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
                value >>= 7
            }
            return bytes + [UInt8(value)]
        }
        func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
            varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
        }
        let data: UInt64 = 8 << 30
        let tensor = field(8, Array("w".utf8)) + varint(9 << 3 | 2) + varint(data)
        let input = field(11, field(1, Array("x".utf8)) + field(2, field(1, [8, 1, 0x12, 0])))
        let output = field(12, field(1, Array("y".utf8)) + field(2, field(1, [8, 7])))
        let initializer = varint(5 << 3 | 2) + varint(UInt64(tensor.count) + data) + tensor
        let graph = UInt64(input.count + output.count + initializer.count) + data
        let head = [8, 8] + varint(7 << 3 | 2) + varint(graph) + input + output + initializer
        let path = FilePath("/tmp/models-tests-\(UInt64.random(in: 0 ... .max)).onnx")
        defer { try? path.removeTree() }
        try path.writeAtomically(head)
        let file = try FileDescriptor.open(path, .readWrite)
        try file.closeAfter { try file.resize(to: Int64(head.count) + Int64(data)) }
        let model = try ONNXModel(try BlockFile(path, name: "x"))
        #expect(model.header.signature?.inputs == [.init(name: "x", type: "float32", shape: [])])
        #expect(model.header.signature?.outputs == [.init(name: "y", type: "int64")])
    }
}

/// The models of `make_savedmodels.py`, and the signatures that TensorFlow reports of them.
struct SavedModelTests {
    private static let names: [String] = ((try? Models.root.appending("savedmodels").entries()) ?? [])
        .map(\.string).filter { !$0.hasSuffix(".json") }

    @Test func thereAreModels() { #expect(Self.names.count >= 14) }

    @Test(arguments: names) func theSignatureIsThatOfTensorFlowItself(name: String) throws {
        let report = try CanonicalJSON.decode(
            [String: ModelSignature].self,
            from: Data(try Models.root.appending("savedmodels/\(name).json").readAll())
        )
        let part = try Models.part("savedmodels/\(name)")
        #expect(part.format == .savedModel && part.path == "savedmodels/\(name)")
        let served = report["serving_default"] ?? report.min { $0.key < $1.key }?.value
        #expect(part.signature == served)
        #expect(part.traits == ["schema": 1])
        #expect((part.problem != nil) == (name == "no_signature"), "\(part.problem ?? "")")
    }
}

struct OtherModelTests {
    @Test func aSavedModelHasTheSignatureOfItsMaker() throws {
        let part = try Models.part("wine_savedmodel")
        #expect(part.format == .savedModel)
        #expect(part.signature?.inputs == [.init(name: "features", type: "float32", shape: [-1, 13])])
        #expect(part.signature?.outputs == [.init(name: "output_0", type: "float32", shape: [-1, 3])])
    }

    @Test func openVINO() throws {
        let part = try Models.part("wine_openvino/model.xml")
        #expect(part.format == .openVINO)
        #expect(part.signature?.inputs == [.init(name: "features.1", type: "")])
        #expect(part.signature?.outputs.count == 1)
    }

    @Test(arguments: [
        ("traced.pt", ["x", "scale"], 2), ("scripted.pt", ["input"], 1), ("mapping.pt", ["x"], 0),
    ])
    func torchScriptTellsNamesAndNumbers(name: String, inputs: [String], outputs: Int) throws {
        let part = try Models.part(name)
        #expect(part.format == .torchScript)
        #expect(part.signature?.inputs == inputs.map { .init(name: $0, type: "") })
        #expect(part.signature?.outputs == (0..<outputs).map { .init(name: "OUTPUT__\($0)", type: "") })
        #expect((part.problem?.contains("forward returns Dict[str, Tensor]") ?? false) == (outputs == 0))
    }

    @Test func torchExport() throws {
        let part = try Models.part("exported.pt2")
        #expect(part.format == .torchExport && part.problem == nil && part.traits == [:])
        #expect(
            part.signature?.inputs == [
                .init(name: "x", type: "float32", shape: [-1, 4]), .init(name: "scale", type: "float64", shape: [1]),
            ]
        )
        #expect(part.signature?.outputs.map(\.type) == ["float64", "int64"])
        #expect(part.signature?.outputs.map(\.shape) == [[-1, 2], [-1]])
    }

    @Test func aCheckpointIsNoModel() throws { #expect(try Models.artifact.part(at: "checkpoint.pt") == nil) }

    @Test(arguments: [
        ("xgboost.json", ModelFormat.xgboost, 2), ("xgboost.ubj", .xgboost, 2), ("lightgbm.txt", .lightgbm, 2),
    ])
    func forestsCountTheirFeatures(name: String, format: ModelFormat, classes: Int) throws {
        let part = try Models.part(name)
        #expect(part.format == format)
        #expect(part.traits == ["features": 4, "classes": classes])
    }

    @Test(arguments: ["classifier.joblib", "classifier.pkl", "classifier_protocol2.pkl", "classifier.skops"])
    func scikitLearnIsTheVersionThatWroteIt(name: String) async throws {
        let versions = try Models.json("classifier.json")
        let model = try await Models.inspect([name: name])
        #expect(model.kind == .file && model.name == "fallback" && model.version == "1")
        #expect(model.parts.map(\.format) == [name.hasSuffix(".skops") ? .skops : .pickle])
        let requirements = try #require(model.environment?.requirements)
        #expect(requirements.first == "scikit-learn==\(try #require(versions["scikit-learn"]?.stringValue))")
        switch name {
        case "classifier.joblib": #expect(requirements.dropFirst() == ["joblib"])
        case "classifier.skops":
            #expect(requirements.dropFirst() == ["skops>=\(try #require(versions["skops"]?.stringValue))"])
        default: #expect(requirements.count == 1)
        }
        #expect(model.environment?.notes.count == 1)
    }

    @Test(arguments: ["zlib", "gzip", "bz2", "xz", "lzma", "lz4"])
    func joblibMayHaveCompressedIt(compression: String) async throws {
        let version = try #require(try Models.json("classifier.json")["scikit-learn"]?.stringValue)
        for name in ["model.joblib", "model.pkl.gz", "model"] {
            let model = try await Models.inspect([name: "classifier_\(compression).joblib"])
            #expect(model.parts.map(\.format) == [.pickle] && model.parts.map(\.path) == [name])
            #expect(
                model.environment?.requirements == ["scikit-learn==\(version)", "joblib"]
                    + (compression == "lz4" ? ["lz4"] : [])
            )
        }
    }

    @Test func aCompressedFileThatIsNoPickleIsNoModel() async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "models-tests") { directory in
            // zlib's header and one stored block that holds "text".
            let stored: [UInt8] = [0x78, 1, 1, 4, 0, 0xfb, 0xff] + Array("text".utf8) + [4, 0x67, 1, 0xc6]
            let whole = try Models.root.appending("classifier_zlib.joblib").readAll()
            for bytes in [stored, Array(stored.prefix(9)), Array(whole.prefix(2))] {
                let path = directory.appending("model.joblib")
                try path.writeAtomically(bytes)
                #expect(try await ModelInspector.isModelFile(path) == false)
            }
            let cut = directory.appending("cut.joblib")
            try cut.writeAtomically(whole.dropLast(5))
            let error = #expect(throws: ModelError.self) {
                _ = try PickledModel(try BlockFile(cut, name: "cut.joblib"))
            }
            #expect(error?.code == .damaged && error?.file == "cut.joblib")
        }
    }

    @Test func requirementsBesideTheFileCount() async throws {
        let model = try await Models.inspect(
            ["top/m.pkl": "classifier.pkl"],
            with: ["top/requirements.txt": "scikit-learn==1.2.3\n", "top/README.md": "# Wine"]
        )
        #expect(model.environment?.requirements == ["scikit-learn==1.2.3"])
        #expect(model.parts.map(\.path) == ["top/m.pkl"])
    }
}
