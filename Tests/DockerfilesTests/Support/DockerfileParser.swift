import FoundationEssentials
import JSON

/// An instruction as a builder understands it.
struct Instruction: Hashable, CustomStringConvertible {
    var name: String
    /// Words without their quotes; a variable that a builder would replace stands as `<NAME>` between two `\u{0}`.
    var words: [String]

    init(_ name: String, _ words: String...) {
        self.name = name
        self.words = words
    }

    init(_ name: String, words: [String]) {
        self.name = name
        self.words = words
    }

    /// How a variable is shown that a builder would replace.
    static func variable(_ name: String) -> String { "\u{0}\(name)\u{0}" }

    var description: String { "\(name) \(words)" }
}

/// Reads a Dockerfile as the Dockerfile reference says, and refuses what ours have no use for: parser directives,
/// continued lines, here documents and the shell forms.
struct DockerfileParser {
    struct Refusal: Error, CustomStringConvertible { var description: String }

    static func instructions(in text: String) throws -> [Instruction] {
        var instructions: [Instruction] = []
        // The scanner of every builder knows this one line end.
        for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = String(decoding: line, as: UTF8.self)
            let scalars = line.drop { $0 == " " || $0 == "\t" }
            if scalars.isEmpty { continue }
            if scalars.first == "#" {
                let name = scalars.dropFirst().prefix { $0 != "=" }.filter { $0 != " " }
                guard number > 0 || !["syntax", "escape", "check"].contains(name.lowercased()) else {
                    throw Refusal(description: "a parser directive: \(line)")
                }
                continue
            }
            let trimmed = line.reversed().drop { $0 == " " || $0 == "\t" }
            guard trimmed.first != "\\" else { throw Refusal(description: "a continued line: \(line)") }
            instructions.append(try instruction(scalars))
        }
        return instructions
    }

    private static func instruction(_ line: Substring) throws -> Instruction {
        let name = line.prefix { $0 != " " }
        let rest = String(line.dropFirst(name.count + 1))
        switch name {
        case "RUN", "ENTRYPOINT", "CMD":
            guard let words = try? CanonicalJSON.decode([String].self, from: Data(rest.utf8)) else {
                throw Refusal(description: "no JSON form: \(line)")
            }
            return Instruction(String(name), words: words)
        case "ENV", "LABEL":
            guard let equals = rest.firstIndex(of: "=") else { throw Refusal(description: "no value: \(line)") }
            let words = try words(rest[rest.index(after: equals)...])
            guard words.count == 1 else { throw Refusal(description: "\(words.count) values: \(line)") }
            return Instruction(String(name), String(rest[..<equals]), words[0])
        case "FROM", "ARG", "ADD", "COPY", "USER", "WORKDIR", "EXPOSE":
            return Instruction(String(name), words: try words(rest[...]))
        default:
            throw Refusal(description: "an unexpected instruction: \(line)")
        }
    }

    /// Splits at white space outside of quotes, takes quotes away and finds variables.
    private static func words(_ text: Substring) throws -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"":
                isQuoted.toggle()
                word = word ?? ""
            case "'" where !isQuoted: throw Refusal(description: "single quotes: \(text)")
            case "\\":
                guard let next = rest.popFirst() else { throw Refusal(description: "a lone backslash: \(text)") }
                if isQuoted, !["\"", "\\", "$"].contains(next) { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(next)
            case "$":
                var name = rest.prefix { $0.properties.isAlphabetic || $0 == "_" }
                if rest.first == "{" {
                    name = rest.dropFirst().prefix { $0 != "}" }
                    rest = rest.dropFirst(2)
                }
                rest = rest.dropFirst(name.count)
                word = (word ?? "") + Instruction.variable(String(String.UnicodeScalarView(name)))
            case _ where scalar.properties.isWhitespace && !isQuoted:
                if let finished = word { words.append(finished) }
                word = nil
            default: word = (word ?? "") + String(scalar)
            }
        }
        guard !isQuoted else { throw Refusal(description: "an open quote: \(text)") }
        if let word { words.append(word) }
        return words
    }
}
