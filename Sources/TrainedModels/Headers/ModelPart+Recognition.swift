import Archive
import FileSystem
import SystemPackage

extension Artifact {
    /// The model file, or directory that is one, at a path, told by its content; nil when it is none.
    ///
    /// - Throws: ``ModelError`` when it is one and damaged, or lacks files that belong to it.
    func part(at path: String) throws -> ModelPart? {
        if isDirectory(path) { return try directoryPart(at: path) }
        guard isFile(path) else { return nil }
        let file = try BlockFile(root.appending(path), name: path)
        guard let format = try format(of: file) else { return nil }
        return try part(file, format, at: path)
    }

    /// The format of a file; nil when it is no model's.
    func format(of file: BlockFile) throws -> ModelFormat? {
        let head = try file.head(1024)
        if head.starts(with: [0x50, 0x4b, 3, 4]) { return try zipFormat(of: file.name) }
        if head.starts(with: "ptrt".utf8) || head.starts(with: "ftrt".utf8) { return .tensorRTPlan }
        if PickledModel.recognizes(head) || PickledModel.recognizesCompressed(head, file) { return .pickle }
        if let format = TreeModel.format(head, name: file.name) { return format }
        if OpenVINOModel.recognizes(head) { return .openVINO }
        if try ONNXModel.recognizes(file) { return .onnx }
        if try GraphDefModel.recognizes(file) { return .graphDef }
        // The name is only a reason to say what is wrong.
        if file.name.hasSuffix(".onnx") {
            if head.isEmpty { throw file.damage("it is empty") }
            throw file.damage("it is no whole ONNX model")
        }
        return nil
    }

    private func zipFormat(of path: String) throws -> ModelFormat? {
        let zip = try ZipMembers(root.appending(path), name: path)
        if TorchExportModel.recognizes(zip) { return .torchExport }
        if TorchScriptModel.recognizes(zip) { return .torchScript }
        if SkopsModel.recognizes(zip) { return .skops }
        return nil
    }

    /// A SavedModel, or an ONNX model in a directory of its own.
    private func directoryPart(at path: String) throws -> ModelPart? {
        let savedModel = ModelInspector.join(path, "saved_model.pb")
        if isFile(savedModel) {
            let header = try SavedModel(try BlockFile(root.appending(savedModel), name: savedModel)).header
            return ModelPart(.savedModel, path, header)
        }
        guard path.hasSuffix(".onnx"), var part = try part(at: ModelInspector.join(path, "model.onnx")) else {
            return nil
        }
        part.path = path
        return part
    }

    private func part(_ file: BlockFile, _ format: ModelFormat, at path: String) throws -> ModelPart {
        switch format {
        case .onnx:
            let model = try ONNXModel(file)
            try checkExternalFiles(model.externalFiles, of: path)
            return ModelPart(format, path, model.header)
        case .openVINO:
            let weights = path.hasSuffix(".xml") ? String(path.dropLast(4)) + ".bin" : path + ".bin"
            guard isFile(weights) else {
                throw ModelError(
                    .missingFile,
                    path,
                    "its weights, \"\(weights)\", are not beside it; pack both files together"
                )
            }
            return ModelPart(format, path, try OpenVINOModel(file).header)
        case .torchScript:
            return ModelPart(
                format,
                path,
                try TorchScriptModel.header(try ZipMembers(root.appending(path), name: path))
            )
        case .torchExport:
            return ModelPart(
                format,
                path,
                try TorchExportModel.header(try ZipMembers(root.appending(path), name: path))
            )
        case .xgboost, .lightgbm, .treelite:
            return ModelPart(format, path, try TreeModel.header(file, format))
        case .graphDef: return ModelPart(format, path, GraphDefModel.header)
        case .tensorRTPlan:
            let problem = "a TensorRT plan declares its tensors to TensorRT alone; name them"
            return ModelPart(format, path, ModelHeader(problem: problem))
        case .pickle, .skops, .python, .savedModel, .ensemble:
            return ModelPart(format, path, ModelHeader(problem: "the file declares no tensors"))
        }
    }

    private func checkExternalFiles(_ files: [String], of path: String) throws {
        for written in files {
            guard let file = Artifact.path(written, below: ModelInspector.parent(path)) else {
                throw ModelError(
                    .missingFile,
                    path,
                    "its weights are in \"\(written)\", which leads out of the model's directory; save it with a relative location"
                )
            }
            guard isFile(file) else {
                throw ModelError(
                    .missingFile,
                    path,
                    "its weights are in \"\(file)\", and the artifact has no such file; pack it too"
                )
            }
        }
    }
}

extension ModelPart {
    init(_ format: ModelFormat, _ path: String, _ header: ModelHeader) {
        self.init(
            format: format,
            path: path,
            signature: header.signature,
            traits: header.traits,
            problem: header.problem
        )
    }
}
