import FileSystem
import FoundationEssentials
import JSON
import SystemPackage

/// `odahu-flow-cli==1.6.1`, in an environment of its own and with a configuration of its own.
struct ODAHUClient: Sendable {
    struct Answer: Decodable, Sendable {
        var status: Int
        var output: String
        var error: String

        /// The output without the white space around it.
        var line: String { lines.joined(separator: "\n") }
        var lines: [String] { output.split(separator: "\n").map(String.init) }

        var json: JSONValue {
            get throws { try CanonicalJSON.decode(from: Data(output.utf8)) }
        }
    }

    private var python: FilePath
    private var configuration: FilePath

    /// - Parameter directory: holds the client's configuration.
    init(in directory: FilePath) async throws {
        let folder = "\(Project.root)/Tests/EndToEndTests/ODAHUClient"
        let made = try await command(
            "\(Project.root)/scripts/python-environment",
            ["odahu-client", "\(folder)/requirements.txt"]
        ).succeeded()
        python = FilePath(made.line)
        configuration = directory.appending("odahuflow.ini")
    }

    private var environment: [String: String?] {
        ["ODAHUFLOW_CONFIG": configuration.string, "ODAHUFLOWCTL_NONINTERACTIVE": "true", "NO_PROXY": "*"]
    }

    /// The program itself.
    func run(_ arguments: String...) async throws -> CommandResult {
        let program = python.removingLastComponent().appending("odahuflowctl")
        return try await command(program.string, arguments, environment: environment)
    }

    /// Several command lines in one process, words between blanks.
    func run(all lines: [String]) async throws -> [Answer] {
        let input = try CanonicalJSON.encode(lines.map { $0.split(separator: " ").map(String.init) })
        let result = try await command(
            python.string,
            ["\(Project.root)/Tests/EndToEndTests/ODAHUClient/run.py"],
            environment: environment,
            input: String(decoding: input, as: UTF8.self)
        ).succeeded()
        return try result.json.decode()
    }
}
