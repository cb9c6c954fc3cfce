import FileSystem
import FoundationEssentials
import JSON
import SystemPackage

/// A trained model as artifacts, and what the model itself says of 20 rows it has not seen.
struct WineModel: Sendable {
    enum Format: String, Sendable { case gppi, mlflow }

    var artifact: FilePath
    var columns: [String]
    var rows: [[Double]]
    var predictions: [Int64]

    /// Trains `examples/wine` in an environment with its pinned requirements.
    ///
    /// - Parameter python: the interpreter of that environment, see ``environment()``.
    static func train(
        _ format: Format,
        seed: Int,
        into directory: FilePath,
        python: FilePath
    ) async throws -> WineModel {
        let artifact = directory.appending("wine-\(format.rawValue)-\(seed).zip")
        let expected = directory.appending("wine-\(format.rawValue)-\(seed).json")
        try await command(
            python.string,
            [
                "-B", "\(Project.root)/examples/wine/train.py", "--format", format.rawValue, "--seed", "\(seed)",
                "--output", artifact.string, "--expected", expected.string,
            ]
        ).succeeded()
        return try WineModel(artifact: artifact, expected: CanonicalJSON.decode(from: Data(expected.readAll())))
    }

    /// Makes the environment that the model is trained in, or finds it made.
    static func environment() async throws -> FilePath {
        let python = try await command(
            "\(Project.root)/scripts/python-environment",
            ["wine-mlflow", "\(Project.root)/examples/wine/requirements-mlflow.txt"]
        ).succeeded()
        return FilePath(python.line)
    }

    private init(artifact: FilePath, expected: JSONValue) throws {
        struct Expected: Decodable {
            var columns: [String]
            var data: [[Double]]
            var prediction: [Int64]
        }
        let expected = try expected.decode(as: Expected.self)
        self.artifact = artifact
        columns = expected.columns
        rows = expected.data
        predictions = expected.prediction
    }
}

extension WineModel {
    /// The rows as ODAHU's interface takes them.
    var invocation: JSONValue {
        ["columns": .array(columns.map { .string($0) }), "data": .array(rows.map { .array($0.map { .number($0) }) })]
    }

    /// The rows as the Open Inference Protocol takes them: one tensor a column.
    var inference: JSONValue {
        let inputs = columns.enumerated().map { number, name -> JSONValue in
            [
                "name": .string(name), "shape": [.integer(Int64(rows.count))], "datatype": "FP64",
                "data": .array(rows.map { .number($0[number]) }),
            ]
        }
        return ["inputs": .array(inputs)]
    }
}

/// Asks a served model for the predictions.
struct ServedModel: Sendable {
    var url: String

    func waitUntilReady() async throws {
        try await eventually("\(url) is ready") {
            try await http("GET", "\(url)/v2/health/ready", within: 5).status == 200
        }
    }

    /// Over ODAHU's interface.
    func invoke(_ model: WineModel) async throws -> [Int64] {
        let answer = try await http("POST", "\(url)/api/model/invoke", json: model.invocation).json()
        return try numbers(answer["prediction"], of: answer)
    }

    /// Over the Open Inference Protocol, version 2. The artifact of an MLflow model gives it its name.
    func infer(_ model: WineModel) async throws -> [Int64] {
        let info = try await http("GET", "\(url)/api/model/info").json()
        guard let name = info["info"]?["title"]?.stringValue else { throw EndToEndError("no name in \(info)") }
        let answer = try await http("POST", "\(url)/v2/models/\(name)/infer", json: model.inference).json()
        return try numbers(answer["outputs"]?[0]?["data"], of: answer)
    }

    /// Numbers, alone or in lists of one.
    private func numbers(_ values: JSONValue?, of answer: JSONValue) throws -> [Int64] {
        let numbers = values?.arrayValue?.map { $0.integerValue ?? $0[0]?.integerValue }
        guard let numbers, !numbers.contains(nil) else { throw EndToEndError("no predictions in \(answer)") }
        return numbers.compactMap(\.self)
    }
}
