import FileSystem
import JSON
import SystemPackage
import Testing

@testable import ModelBundles

/// Files that are a model of a format, as far as its rule goes.
struct SampleModel: Sendable, CustomTestStringConvertible {
    var format: BundleFormat
    var files: [String: [UInt8]]

    var testDescription: String { format.rawValue }

    static let all: [SampleModel] = [
        SampleModel(.savedModel, ["saved_model.pb": "graph", "variables/variables.index": "index"]),
        SampleModel(.onnx, ["model.onnx": "onnx", "README.md": "# A model"]),
        SampleModel(.h5, ["model.h5": "hdf"]),
        SampleModel(.pmml, ["model.pmml": "<PMML/>"]),
        SampleModel(.caffeModel, ["net.caffemodel": "weights", "net.prototxt": "layer {}"]),
        SampleModel(.netDef, ["init_net.pb": "i", "predict_net.pb": "p"]),
        SampleModel(.mxNetParams, ["resnet-0000.params": "p", "resnet-symbol.json": "{}"]),
        SampleModel(.torchScript, ["model.pt": "pt"]),
        SampleModel(.graphDef, ["model.graphdef": "graph"]),
        SampleModel(.tensorRT, ["model.plan": "ptrt"]),
        SampleModel(.skLearn, ["model.joblib": "joblib"]),
        SampleModel(.xgboost, ["model.xgboost": "trees"]),
        SampleModel(.mlflow, ["MLmodel": "flavors: {}\n", "data/weights.bin": "w", "conda.yaml": "name: x\n"]),
        SampleModel(.pickle, ["model.pickle": "pickle"]),
        SampleModel(.others, ["weights.bin": "w", "a/b/c.txt": "text", "Ü.dat": "umlaut"]),
        SampleModel(format: .safetensors, files: ["model.safetensors": safetensors, "config.json": Array("{}".utf8)]),
        SampleModel(format: .gguf, files: ["tiny.gguf": gguf]),
        SampleModel(.keras, ["model.keras": "zip"]),
        SampleModel(.openVINO, ["model.xml": "<net/>", "model.bin": "weights"]),
    ]

    init(format: BundleFormat, files: [String: [UInt8]]) {
        self.format = format
        self.files = files
    }

    private init(_ format: BundleFormat, _ files: [String: String]) {
        self.init(format: format, files: files.mapValues { Array($0.utf8) })
    }

    static func of(_ format: BundleFormat) -> SampleModel { all.first { $0.format == format } ?? all[0] }

    /// Writes the files into `model/`, and an `ormbfile.yaml` beside it that names the format.
    func write(to directory: FilePath, withMetadata: Bool = true) throws {
        for (path, contents) in files { try directory.appending("model").pushing(FilePath(path)).write(contents) }
        if withMetadata { try directory.appending("ormbfile.yaml").write("format: \(format.rawValue)\n".utf8) }
    }

    /// One tensor of two by three half floats, one of four bytes.
    static let safetensors = safetensors(
        header: #"{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},"#
            + #""b":{"dtype":"U8","shape":[4],"data_offsets":[12,16]}}"#,
        room: 16
    )

    static func safetensors(header: String, room: Int) -> [UInt8] {
        bytes(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 7, count: room)
    }

    /// An architecture, a name, a file type, a list of strings and one tensor of 2 × 4.
    static let gguf: [UInt8] =
        Array("GGUF".utf8) + bytes(UInt32(3)) + bytes(UInt64(1)) + bytes(UInt64(4))
        + text("general.architecture") + bytes(UInt32(8)) + text("llama")
        + text("general.name") + bytes(UInt32(8)) + text("Tiny")
        + text("general.file_type") + bytes(UInt32(4)) + bytes(UInt32(15))
        + text("tokenizer.ggml.tokens") + bytes(UInt32(9)) + bytes(UInt32(8)) + bytes(UInt64(2)) + text("a") + text("b")
        + text("blk.0.w") + bytes(UInt32(2)) + bytes(UInt64(2)) + bytes(UInt64(4)) + bytes(UInt32(12))
        + bytes(UInt64(0))
        + [UInt8](repeating: 1, count: 64)

    static func text(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + Array(text.utf8) }
}
