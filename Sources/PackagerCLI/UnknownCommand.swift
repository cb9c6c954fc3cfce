import ArgumentParser
import JSON

/// A word where the name of a command should be.
struct UnknownCommand: CustomStringConvertible {
    var path: [String]
    var word: String
    var known: [String]

    /// Nil where every word in the place of a command is one.
    init?(in arguments: [String], of root: any ParsableCommand.Type = PackagerCommand.self) {
        var command = root
        var path = [root._commandName]
        var rest = arguments[...]
        while let word = rest.popFirst(), !command.configuration.subcommands.isEmpty {
            if word.hasPrefix("-") {
                // The options of groups have values.
                if ["--url", "--token"].contains(word) { rest = rest.dropFirst() }
                continue
            }
            if word == "help" { return nil }
            let subcommands = command.configuration.subcommands
            guard
                let next = subcommands.first(where: {
                    $0._commandName == word || $0.configuration.aliases.contains(word)
                })
            else {
                self.path = path
                self.word = word
                known = subcommands.filter { $0.configuration.shouldDisplay }
                    .flatMap { [$0._commandName] + $0.configuration.aliases }
                return
            }
            path.append(next._commandName)
            command = next
        }
        return nil
    }

    var description: String {
        let place = path.joined(separator: " ")
        let hint = Spelling.hint(for: word, among: known)
        return """
            Error: there is no command "\(place) \(word)"\(hint.isEmpty ? "; there is \(known.joined(separator: ", "))" : hint)
            See '\(place) --help'.
            """
    }
}
