extension BundleFormat {
    /// The format that the names of a model's files tell.
    ///
    /// The top directory is judged as ORMB judges it. What ORMB has no format for is tried with the other formats'
    /// rules, and directory after directory downwards.
    package static func inferred(from tree: ModelTree) -> BundleFormat {
        for directory in tree.directories {
            let entries = tree.entries(of: directory)
            let found = inferredAsORMB(from: entries)
            if found != .others { return found }
            // MLflow first: its directory holds files of whatever it wraps.
            let later: [BundleFormat] = [.mlflow, .safetensors, .gguf, .keras, .openVINO, .pickle]
            if let format = later.first(where: { $0.problem(with: entries, in: "") == nil }) { return format }
        }
        return .others
    }

    /// The first entry, in the order of names, that tells a format; directories tell none.
    private static func inferredAsORMB(from entries: [ModelTree.Entry]) -> BundleFormat {
        var netDefFiles = 0
        var mxNetFiles = 0
        for entry in entries where !entry.isDirectory {
            if let format = bySuffix.first(where: { entry.name.hasSuffix($0.suffix) })?.format { return format }
            if entry.name.hasSuffix("init_net.pb") || entry.name.hasSuffix("predict_net.pb") { netDefFiles += 1 }
            if entry.name.hasSuffix(".params") || entry.name.hasSuffix("symbol.json") { mxNetFiles += 1 }
            if netDefFiles == 2 { return .netDef }
            if mxNetFiles == 2 { return .mxNetParams }
        }
        return .others
    }

    private static let bySuffix: [(suffix: String, format: BundleFormat)] = [
        ("saved_model.pb", .savedModel), (".onnx", .onnx), (".graphdef", .graphDef), (".caffemodel", .caffeModel),
        (".pt", .torchScript), (".plan", .tensorRT), (".engine", .tensorRT), (".pmml", .pmml), (".h5", .h5),
        (".xgboost", .xgboost), (".joblib", .skLearn),
    ]
}
