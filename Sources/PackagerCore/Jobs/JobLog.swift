import FileSystem
import FoundationEssentials
import Glibc
package import Logging
package import SystemPackage

/// The log file of one attempt: `logs/<id>/<attempt>.log`, a line per step.
package struct JobLog: Sendable {
    private let file: OpenFile
    private let changed: ChangeSignal?

    /// Starts an empty log.
    package init(at path: FilePath) throws { try self.init(at: path, changed: nil) }

    init(at path: FilePath, changed: ChangeSignal?) throws {
        try path.removingLastComponent().createDirectories()
        file = OpenFile(
            try naming("open", path) {
                try FileDescriptor.open(
                    path,
                    .writeOnly,
                    options: [.create, .truncate, .append, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead]
                )
            }
        )
        self.changed = changed
    }

    /// Writes to the log, from level `info` up.
    package var logger: Logger {
        Logger(label: "packager.job") { _ in JobLogHandler(log: self) }
    }

    package func info(_ message: String) { write(.info, message) }

    package func error(_ message: String) { write(.error, message) }

    /// Writes a line for each line of the message. A disk that is full must not fail the job for its log: such lines are lost.
    func write(_ level: Logger.Level, _ message: String) {
        let prefix = "[packager][\(level.column)] \(Self.timestamp()) - "
        let lines = message.split(separator: "\n", omittingEmptySubsequences: true).map { prefix + $0 + "\n" }
        _ = try? file.descriptor.writeAll(lines.joined().utf8)
        changed?.raise()
    }

    /// `01-Aug-21 10:00:00`, in UTC.
    private static func timestamp() -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        let day = [two(parts.tm_mday), months[Int(parts.tm_mon)], two(parts.tm_year % 100)].joined(separator: "-")
        return day + " " + [parts.tm_hour, parts.tm_min, parts.tm_sec].map(two).joined(separator: ":")
    }
}

private struct JobLogHandler: LogHandler {
    var log: JobLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(log: JobLog) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        log.write(event.level, event.message.description + pairs)
    }
}

extension Logger.Level {
    /// The level, five wide.
    fileprivate var column: String {
        switch self {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info, .notice: " INFO"
        case .warning: " WARN"
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }
}

/// A file that is closed with its last user.
final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }
}
