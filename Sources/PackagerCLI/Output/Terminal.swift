import Foundation
import Glibc

/// What standard error can show.
struct Terminal: Sendable {
    /// Lines can be written over.
    var isInteractive: Bool
    var hasColor: Bool
    var columns: Int

    static var standardError: Terminal {
        var size = winsize()
        let isInteractive = isatty(STDERR_FILENO) == 1
        let known = isInteractive && ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(
            isTerminal: isInteractive,
            columns: known ? Int(size.ws_col) : 80,
            environment: ProcessInfo.processInfo.environment
        )
    }

    /// - Parameter environment: `NO_COLOR` (https://no-color.org) and `TERM=dumb` are minded.
    init(isTerminal: Bool, columns: Int, environment: [String: String]) {
        let isDumb = environment["TERM"] == "dumb"
        isInteractive = isTerminal && !isDumb
        hasColor = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
        self.columns = columns
    }

    enum Style: String { case red = "31", yellow = "33", bold = "1" }

    func styled(_ text: String, _ style: Style) -> String {
        hasColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
