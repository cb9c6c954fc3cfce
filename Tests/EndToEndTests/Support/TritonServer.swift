import FoundationEssentials
import JSON
import SystemPackage

/// A tritonserver in a container, as its clients see it.
struct TritonServer: Sendable {
    var url: String
    /// `HOST:PORT` of gRPC.
    var grpc: String
    var container: Container

    /// Runs an image of docker-triton as a careful operator would until the body ends.
    static func with<Value: Sendable>(
        _ image: String,
        _ body: @Sendable (TritonServer) async throws -> Value
    ) async throws -> Value {
        let world = try World.current
        try await world.engine.docker("pull", "--quiet", image)
        let command = try await world.engine.docker("inspect", "--format", "{{json .Config.Cmd}}", image).json
        let ports = try freePorts(2)
        let flags =
            (command.arrayValue ?? []).compactMap(\.stringValue) + [
                "--http-address=127.0.0.1", "--http-port=\(ports[0])", "--grpc-address=127.0.0.1",
                "--grpc-port=\(ports[1])", "--allow-metrics=false",
            ]
        return try await world.engine.withContainer(of: image, options: ["--tmpfs", "/tmp"], flags: flags) {
            let server = TritonServer(
                url: "http://127.0.0.1:\(ports[0])",
                grpc: "127.0.0.1:\(ports[1])",
                container: $0
            )
            try await server.waitUntilReady()
            return try await body(server)
        }
    }

    private func waitUntilReady() async throws {
        try await eventually("\(url) is ready", every: .milliseconds(200)) {
            guard try await container.isRunning else { throw EndToEndError("the server has ended") }
            return try await http("GET", "\(url)/v2/health/ready", within: 5).status == 200
        }
    }

    /// The names of its models.
    var models: [String] {
        get async throws {
            let index = try await http("POST", "\(url)/v2/repository/index", json: [:]).json()
            return (index.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        }
    }

    func configuration(of model: String) async throws -> JSONValue {
        try await http("GET", "\(url)/v2/models/\(model)/config").json()
    }

    /// The outputs by name, which are the same over HTTP and gRPC.
    func infer(_ model: String, _ request: JSONValue) async throws -> [String: Tensor] {
        let answer = try await http("POST", "\(url)/v2/models/\(model)/infer", json: request).json()
        let overHTTP = try Tensor.outputs(of: answer)
        let overGRPC = try await Tensor.asked(["grpc", grpc, model], request)
        guard overHTTP == overGRPC else { throw EndToEndError("HTTP says \(overHTTP), gRPC \(overGRPC)") }
        return overHTTP
    }
}

/// A tensor of an answer.
struct Tensor: Sendable, Equatable {
    var datatype: String
    var shape: [Int64]
    var numbers: [Double]
    /// In place of numbers, of type `BYTES`.
    var texts: [String]

    /// - Parameter arguments: of `ask.py`.
    static func asked(_ arguments: [String], _ request: JSONValue) async throws -> [String: Tensor] {
        let answer = try await command(
            TritonWorld.current.python.string,
            ["\(TritonWorld.sources)/ask.py"] + arguments,
            input: String(decoding: CanonicalJSON.encode(request), as: UTF8.self)
        ).succeeded()
        return try outputs(of: answer.json)
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    static func outputs(of answer: JSONValue) throws -> [String: Tensor] {
        var outputs: [String: Tensor] = [:]
        for output in answer["outputs"]?.arrayValue ?? [] {
            guard let name = output["name"]?.stringValue, let datatype = output["datatype"]?.stringValue,
                let shape = output["shape"]?.arrayValue, let data = output["data"]?.arrayValue
            else { throw EndToEndError("no tensor: \(output)") }
            let tensor = Tensor(
                datatype: datatype,
                shape: shape.compactMap(\.integerValue),
                numbers: data.compactMap(Self.number),
                texts: data.compactMap(\.stringValue)
            )
            guard tensor.numbers.count + tensor.texts.count == data.count else {
                throw EndToEndError("neither numbers nor texts: \(output)")
            }
            outputs[name] = tensor
        }
        return outputs
    }
}
