import FileSystem
import JSON
import OCI

/// Which layers a model's files become in a ModelPack bundle. It depends on the files' names and sizes alone.
struct ModelPackLayout: Sendable {
    /// What a layer is for, in the words of its media type.
    enum Role: String, Sendable, Hashable, CaseIterable {
        case weight
        case configuration = "weight.config"
        case documentation = "doc"
        case code
        case dataset
    }

    enum Layer: Sendable {
        /// The file's bytes are the blob.
        case raw(ModelTree.File, Role)
        /// Small files together.
        case tar([ModelTree.File], Role)
    }

    /// More files than that, and the small ones share a tar for each role: registries take manifests of 4 MiB.
    static let maximumRawLayers = 512
    static let smallFile: Int64 = 1 << 20

    private(set) var layers: [Layer] = []

    init(_ files: [ModelTree.File]) {
        let sharing = files.count > Self.maximumRawLayers
        var shared: [Role: [ModelTree.File]] = [:]
        for file in files {
            let role = Self.role(of: file.path, size: file.identity.size)
            // Harbor shows README and LICENSE only when each is a layer of its own.
            let isShown = !file.path.contains("/") && role == .documentation
            if sharing, file.identity.size < Self.smallFile, !isShown {
                shared[role, default: []].append(file)
            } else {
                layers.append(.raw(file, role))
            }
        }
        for role in Role.allCases {
            if let files = shared[role] { layers.append(.tar(files, role)) }
        }
    }

    /// By the file's name, as modctl tells them apart; what has no known name is weights when it is large.
    static func role(of path: String, size: Int64) -> Role {
        let name = (path.split(separator: "/").last.map(String.init) ?? path).lowercased()
        let suffix = name.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        if name.hasPrefix("readme") || name.hasPrefix("license") || name.hasPrefix("licence") { return .documentation }
        if configurations.contains(suffix) || name.contains("tokenizer.model") || name == "spiece.model"
            || name == "mlmodel"
        {
            return .configuration
        }
        if weights.contains(suffix) || suffix.hasPrefix("data-") { return .weight }
        if code.contains(suffix) { return .code }
        if documentation.contains(suffix) { return .documentation }
        return size > 128 << 20 ? .weight : .code
    }

    private static let configurations: Set<String> = [
        "json", "jsonl", "yaml", "yml", "toml", "ini", "cfg", "config", "conf", "xml", "prototxt", "jinja", "vocab",
        "pbtxt", "tiktoken",
    ]
    private static let weights: Set<String> = [
        "safetensors", "bin", "pt", "pt2", "pth", "onnx", "gguf", "ggml", "h5", "hdf5", "keras", "pb", "graphdef",
        "plan", "engine", "joblib", "pkl", "pickle", "xgboost", "ubj", "caffemodel", "params", "pmml", "npz", "npy",
        "ckpt", "msgpack", "model", "skops", "mlmodel", "tflite", "index",
    ]
    private static let documentation: Set<String> = [
        "md", "txt", "pdf", "rst", "html", "png", "jpg", "jpeg", "gif", "svg",
    ]
    private static let code: Set<String> = ["py", "ipynb", "sh", "so", "c", "cc", "cpp", "h", "js", "java", "jar"]
}
