import FileSystem
import Subprocess
package import SystemPackage

/// Runs other programs: uv and Python interpreters.
package enum Command {
    package struct Result: Sendable {
        package var succeeded: Bool
        package var output: String
        package var error: String
    }

    /// Runs a program to its end; a cancelled task ends it, and all that it started, within half a second.
    ///
    /// - Parameters:
    ///   - environment: variables over the inherited ones; nil removes one.
    ///   - limit: the most bytes of each output.
    /// - Throws: when the program cannot be started, or writes more than the limit.
    package static func run(
        _ arguments: [String],
        environment: [String: String?] = [:],
        directory: FilePath? = nil,
        input: String = "",
        limit: Int = 64 << 20
    ) async throws -> Result {
        try Task.checkCancellation()
        guard let program = arguments.first else { preconditionFailure("a command has a program") }
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(300))
        ]
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = .some(value) }
        do {
            let result = try await withAnonymousFile(holding: input) { input in
                try await Subprocess.run(
                    program.contains("/") ? .path(FilePath(program)) : .name(program),
                    arguments: Arguments(Array(arguments.dropFirst())),
                    environment: .inherit.updating(variables),
                    workingDirectory: directory,
                    platformOptions: options,
                    input: .fileDescriptor(input, closeAfterSpawningProcess: false),
                    output: .string(limit: limit),
                    error: .string(limit: limit)
                )
            }
            try Task.checkCancellation()
            return Result(
                succeeded: result.terminationStatus.isSuccess,
                output: result.standardOutput,
                error: result.standardError
            )
        } catch {
            // What it says of a program that was ended for this is of no interest.
            try Task.checkCancellation()
            throw error
        }
    }
}
