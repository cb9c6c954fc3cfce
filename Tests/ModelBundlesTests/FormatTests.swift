import FileSystem
import SystemPackage
import Testing

@testable import ModelBundles

@Suite struct FormatTests {
    /// Files, the format that they are checked for, and ORMB's words; empty where nothing is wrong.
    private static let checks: [(files: [String], format: BundleFormat, problem: String)] = [
        (["saved_model.pb"], .savedModel, ""),
        (["my_saved_model.pb"], .savedModel, "Expected one saved_model.pb file in DIR directory, but found 0 ."),
        (["a.onnx", "labels.txt"], .onnx, ""),
        (["a.onnx", "b.onnx"], .onnx, "Expected one *.onnx file in DIR directory, but found 2 ."),
        ([], .onnx, "Expected one *.onnx file in DIR directory, but found 0 ."),
        (["A.ONNX"], .onnx, "Expected one *.onnx file in DIR directory, but found 0 ."),
        (["m.plan", "m.engine"], .tensorRT, "Expected one *.plan or *.engine file in DIR directory, but found 2 ."),
        (["m.engine"], .tensorRT, ""),
        (["m.pmml"], .pmml, ""),
        (["m.pmml", "README.md"], .pmml, "there are too many pmml file"),
        (["m.xml"], .pmml, "there are no *.pmml file in DIR directory"),
        (["n.caffemodel"], .caffeModel, "Expected one *.prototxt file in DIR directory, but found 0 ."),
        (["init_net.pb"], .netDef, "Expected one predict_net.pb file in DIR directory, but found 0 ."),
        (["x-symbol.json", "x.params"], .mxNetParams, ""),
        (["x.json", "x.params"], .mxNetParams, "Expected one *symbol.json file in DIR directory, but found 0 ."),
        (["MLmodel"], .mlflow, ""),
        (["mlmodel"], .mlflow, "Expected one MLmodel file in DIR directory, but found 0 ."),
        (["a", "b/c"], .others, ""),
        (["x-00001-of-00002.safetensors", "x-00002-of-00002.safetensors"], .safetensors, ""),
        (["x.bin"], .openVINO, "Expected one *.xml file in DIR directory, but found 0 ."),
        // Directories below the top are looked into; ORMB does not.
        (["1/model.onnx"], .onnx, ""),
        (["1/model.savedmodel/saved_model.pb", "config.pbtxt"], .savedModel, ""),
    ]

    @Test(arguments: checks.indices) func isChecked(_ index: Int) throws {
        let check = Self.checks[index]
        let tree = try Self.tree(of: check.files)
        do {
            _ = try check.format.directory(in: tree, shown: "DIR")
            #expect(check.problem.isEmpty)
        } catch let error as BundleError {
            #expect(error.message == check.problem)
        }
    }

    private static let inferences: [(files: [String], format: BundleFormat)] = [
        // The first name that tells a format decides.
        (["a.pmml", "b.onnx"], .pmml), (["z.onnx", "saved_model.pb"], .savedModel),
        (["x_saved_model.pb"], .savedModel), (["m.engine"], .tensorRT), (["m.joblib"], .skLearn),
        (["init_net.pb", "predict_net.pb"], .netDef), (["init_net.pb"], .others),
        (["x-symbol.json", "x.params"], .mxNetParams), (["x.params"], .others), (["notes.txt"], .others),
        // A directory's own name tells nothing.
        (["model.onnx/x.txt"], .others),
        // What ORMB has no name for, or does not look for.
        (["MLmodel", "data/model.pth"], .mlflow), (["a.safetensors", "b.safetensors"], .safetensors),
        (["q.gguf"], .gguf), (["m.keras"], .keras), (["m.xml", "m.bin"], .openVINO), (["m.pickle"], .pickle),
        (["1/model.graphdef", "config.pbtxt"], .graphDef),
    ]

    @Test(arguments: inferences.indices) func isInferred(_ index: Int) throws {
        let (files, format) = Self.inferences[index]
        #expect(try BundleFormat.inferred(from: Self.tree(of: files)) == format)
    }

    @Test(arguments: SampleModel.all.filter { $0.format != .others && $0.format != .pickle })
    func samplesAreInferred(_ sample: SampleModel) throws {
        #expect(try BundleFormat.inferred(from: Self.tree(of: Array(sample.files.keys))) == sample.format)
    }

    @Test(arguments: ["", "MLlib", "onnx"]) func unknownNamesAreRefused(_ name: String) throws {
        let error = try #require(throws: BundleError.self) { try BundleFormat(named: name, inferred: .onnx) }
        #expect(error.message.hasPrefix("unrecognized model format, please check the ormbfile.yaml"))
        #expect(error.message.hasSuffix(name == "onnx" ? "it is written ONNX" : "the files look like ONNX"))
    }

    @Test func orderIsORMBs() throws {
        let tree = try Self.tree(of: ["b/x", "a", "b-1", "c/z/y", "B"])
        #expect(tree.files.map(\.path) == ["B", "a", "b/x", "b-1", "c/z/y"])
        #expect(tree.directories == ["", "b", "c", "c/z"])
    }

    @Test func linksThatLeadOutAreRefused() async throws {
        try await withTestDirectory { directory in
            let model = directory.appending("model")
            try model.appending("real.onnx").write([1])
            try await python("os.symlink('real.onnx', 'model/link.onnx')", in: directory)
            let linked = try #require(try ModelTree(of: model).file("link.onnx"))
            #expect(try linked.location.readAll() == [1])
            try await python("os.symlink('/etc/hostname', 'model/out')", in: directory)
            let error = #expect(throws: BundleError.self) { try ModelTree(of: model) }
            #expect(error?.message.contains("leads out of the model") == true)
        }
    }

    private static func tree(of files: [String]) throws -> ModelTree {
        let directory = FilePath("/tmp/formats-\(UInt64.random(in: 0 ... .max))")
        try directory.createDirectories()
        defer { try? directory.removeTree() }
        for file in files { try directory.pushing(FilePath(file)).write([0x20]) }
        return try ModelTree(of: directory)
    }
}
