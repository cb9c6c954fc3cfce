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

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await APIClient(server).readLog(of: choice.chosen(), follow: following == .follow) { line in
            print(line)
            // A pipe gets each line when it comes, too.
            fflush(nil)
        }
    }
}
