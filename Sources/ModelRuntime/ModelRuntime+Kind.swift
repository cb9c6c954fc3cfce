import TrainedModels

extension ModelRuntime {
    /// A model as the shared Python package knows it.
    enum Kind {
        case gppi(workDirectory: String, entrypoint: String)
        case mlflow(directory: String)
        case file(FileFormat, path: String)

        /// Formats of single files that a library from PyPI loads.
        enum FileFormat: String {
            case pickle, skops, onnx
        }

        init(of model: TrainedModel) throws {
            switch model.kind {
            case .gppi(let workDirectory, let entrypoint):
                self = .gppi(workDirectory: workDirectory, entrypoint: entrypoint)
            case .mlflow(let directory, _):
                self = .mlflow(directory: directory)
            case .file:
                guard let part = model.parts.first, model.parts.count == 1 else {
                    throw Self.unsupported("the artifact holds \(model.parts.count) model files")
                }
                guard let format = FileFormat(rawValue: part.format.rawValue) else {
                    throw Self.unsupported("\(part.path) is of the format \(part.format.rawValue)")
                }
                self = .file(format, path: part.path)
            case .triton:
                throw Self.unsupported("the artifact is laid out for Triton")
            }
        }

        private static func unsupported(_ reason: String) -> ModelRuntimeError {
            ModelRuntimeError(
                code: .unsupportedFormat,
                description: "\(reason), which this integration cannot run; package it with docker-triton"
            )
        }

        var variables: [String: String] {
            switch self {
            case .gppi(let workDirectory, let entrypoint):
                return Self.variables("gppi", in: workDirectory, ["PACKAGER_MODEL_ENTRYPOINT": entrypoint])
            case .mlflow(let directory):
                return Self.variables("mlflow", in: directory)
            case .file(let format, let path):
                return Self.variables(format.rawValue, in: "", ["PACKAGER_MODEL_FILE": path])
            }
        }

        private static func variables(
            _ kind: String,
            in directory: String,
            _ more: [String: String] = [:]
        ) -> [String: String] {
            [
                "PACKAGER_MODEL_KIND": kind,
                "PACKAGER_MODEL_WORKDIR": directory,
                "MODEL_LOCATION": directory.isEmpty ? "/\(modelRoot)" : "/\(modelRoot)/\(directory)",
            ].merging(more) { $1 }
        }
    }
}
