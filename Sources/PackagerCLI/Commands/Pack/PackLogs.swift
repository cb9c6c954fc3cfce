import ArgumentParser
import Glibc

struct PackLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print the log of a packaging.",
        discussion: """
            Examples:
              packager pack logs --id wine
              packager pack logs --id wine --no-follow | tail
              packager pack logs --id wine --attempt 1
            """
    )

    /// ODAHU says `--not-follow`.
    enum Following: EnumerableFlag {
        case follow, notFollow

        static func name(for value: Following) -> NameSpecification {
            switch value {
            case .follow: .customLong("follow")
            case .notFollow: [.customLong("not-follow"), .customLong("no-follow")]
            }
        }

        static func help(for value: Following) -> ArgumentHelp? {
            switch value {
            case .follow: "Go on until the packaging has ended."
            case .notFollow: "Only what is there."
            }
        }
    }

    @OptionGroup var choice: EntityChoice<PackagingKind>

    @Flag var following: Following = .follow

    @Option(name: .long, help: "The run whose log it is, from 1 on; the latest where nothing is said.")
    var attempt: Int?

    @OptionGroup var server: ServerOptions

    func validate() throws {
        if let attempt, attempt < 1 { throw ValidationError("--attempt is a number from 1 on, not \(attempt)") }
    }

    func run() async throws {
        let follow = following == .follow
        try await APIClient(server).readLog(of: choice.chosen(), follow: follow, attempt: attempt) { line in
            print(line)
            // A pipe gets each line when it comes, too.
            fflush(nil)
        }
    }
}
