import Glibc
import Synchronization

/// The last line of a terminal, which is written over while lines of a log go by above it.
enum StatusLine {
    private static let shown = Mutex("")

    /// Shows a text in place of the one before; "" takes it away.
    static func show(_ text: String) {
        shown.withLock { shown in
            guard shown != text else { return }
            shown = text
            write("\r\u{1B}[K" + text)
        }
    }

    /// Writes whole lines to standard error, above what is shown.
    static func printAbove(_ lines: String) {
        shown.withLock { shown in write(shown.isEmpty ? lines : "\r\u{1B}[K" + lines + shown) }
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}

/// Writes a line to standard error.
func printError(_ message: String) {
    StatusLine.printAbove(message.hasSuffix("\n") ? message : message + "\n")
}
