import ArgumentParser
import Logging

/// How the server writes its log.
enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// A line for people.
    case text
    /// A JSON object a line.
    case json

    /// Makes it the format of all loggers of the process; can be called once.
    func use() {
        LoggingSystem.bootstrap { label in
            switch self {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler(label: label)
            }
        }
    }
}
