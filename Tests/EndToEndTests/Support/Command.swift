import FoundationEssentials
import JSON
import Subprocess
import SystemPackage

/// How a program that has ended did.
struct CommandResult: Sendable {
    var command: String
    var status: TerminationStatus
    var output: String
    var error: String

    /// Fails, with all that the program said, unless it ended well.
    @discardableResult
    func succeeded() throws -> CommandResult {
        guard status.isSuccess else { throw EndToEndError("\(command): \(status)\n\(output)\n\(error)") }
        return self
    }

    var json: JSONValue {
        get throws {
            do {
                return try CanonicalJSON.decode(from: Data(output.utf8))
            } catch {
                throw EndToEndError("\(command) answered no JSON: \(output.prefix(500))")
            }
        }
    }

    /// The output without the white space around it.
    var line: String {
        String(output.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

/// What stands in the way of the test itself.
struct EndToEndError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// Runs a program to its end, with the project's own tools first on its path.
func command(
    _ program: String,
    _ arguments: [String],
    environment: [String: String?] = [:],
    input: String = ""
) async throws -> CommandResult {
    let result = try await run(
        Project.executable(program),
        arguments: Arguments(arguments),
        environment: Project.environment(environment),
        input: .string(input),
        output: .string(limit: 64 << 20),
        error: .string(limit: 16 << 20)
    )
    return CommandResult(
        command: ([program] + arguments).joined(separator: " "),
        status: result.terminationStatus,
        output: result.standardOutput,
        error: result.standardError
    )
}
