/// A failure of a command: one sentence for standard error; the exit code is 1.
struct CommandError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
