import ArgumentParser
import Glibc

/// A command that answers SIGINT and SIGTERM itself.
protocol SignalHandlingCommand: AsyncParsableCommand {}

extension PackagerCommand {
    /// Runs a command line and exits: 0 for success, 1 for a failure, 2 for wrong usage, 130 when interrupted.
    package static func run(arguments: [String]) async -> Never {
        do {
            let command = try parseAsRoot(arguments)
            try SettingSources.check()
            try await perform(command)
            Glibc.exit(0)
        } catch {
            exit(reporting: error, of: arguments)
        }
    }

    private static func perform(_ command: sending any ParsableCommand) async throws {
        if var command = command as? any SignalHandlingCommand {
            try await command.run()
        } else if let command = command as? any AsyncParsableCommand {
            try await withInterruption {
                var command = command
                try await command.run()
            }
        } else {
            var command = command
            try command.run()
        }
    }

    private static func exit(reporting error: any Error, of arguments: [String]) -> Never {
        let terminal = Terminal.standardError
        switch exitCode(for: error) {
        case .success:
            print(fullMessage(for: error))
            Glibc.exit(0)
        case .validationFailure:
            printError(UnknownCommand(in: arguments)?.description ?? fullMessage(for: error))
            Glibc.exit(2)
        default:
            if error is CancellationError {
                printError("Interrupted.")
                Glibc.exit(130)
            }
            if !(error is ExitCode) { printError("\(terminal.styled("Error:", .red)) \(error)") }
            Glibc.exit((error as? ExitCode)?.rawValue ?? 1)
        }
    }
}
