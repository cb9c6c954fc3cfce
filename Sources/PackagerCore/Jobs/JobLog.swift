package import Logging

/// The log file of one attempt.
package struct JobLog: Sendable {
    /// Writes to the log.
    package let logger: Logger
}
