import Logging

/// Log lines for a person: the message alone on standard error, warnings and errors with their level. Where several
/// images are made at a time, each line says of which it speaks.
struct CommandLineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let image = metadata["integration"].map { "\($0): " } ?? ""
        printError(image + (event.level < .warning ? "\(event.message)" : "\(event.level): \(event.message)"))
    }
}

extension Logger {
    static func commandLine(_ options: GeneralOptions) -> Logger {
        commandLine(level: options.quiet ? .warning : options.verbose ? .debug : .info)
    }

    static func commandLine(level: Logger.Level = .info) -> Logger {
        var logger = Logger(label: "packager") { _ in CommandLineLogHandler() }
        logger.logLevel = level
        return logger
    }
}
