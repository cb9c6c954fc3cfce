import JSON

/// Values as text that stands for exactly them in a Dockerfile, and for nothing else.
///
/// Source: the Dockerfile reference ("Parser directives", "Environment replacement") and the parsers of BuildKit and of
/// buildah, which agree on what is used here. The escape character is the backslash: the template's first line keeps a
/// value from ever being a parser directive.
enum DockerfileText {
    /// A value of `ENV` or `LABEL`: in double quotes, where `\`, `"` and `$` can be escaped.
    ///
    /// - Parameters:
    ///   - subject: what has the value, for the error.
    ///   - variable: whose own former value `${variable}` stands for; every other `$` is a dollar sign.
    /// - Throws: ``DockerfileError`` `unwritable` for line breaks and control characters: no Dockerfile can hold them.
    static func quoted(_ value: String, of subject: String, replacing variable: String? = nil) throws -> String {
        guard !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\t" }) else {
            throw DockerfileError(
                .unwritable,
                "\(subject) has a line break or control character in its value, which no Dockerfile can hold; "
                    + "take it out, or build the image without a Dockerfile (packager build)"
            )
        }
        let reference = variable.map { Array("${\($0)}".unicodeScalars) }
        let scalars = Array(value.unicodeScalars)
        var text = String.UnicodeScalarView("\"".unicodeScalars)
        var next = 0
        while next < scalars.count {
            if let reference, scalars[next...].starts(with: reference) {
                text.append(contentsOf: reference)
                next += reference.count
                continue
            }
            if ["\\", "\"", "$"].contains(scalars[next]) { text.append("\\") }
            text.append(scalars[next])
            next += 1
        }
        text.append("\"")
        return String(text)
    }

    /// Words in JSON form, as `ENTRYPOINT`, `CMD` and `RUN` take them: no shell and no variable touches them.
    ///
    /// - Throws: ``DockerfileError`` `unwritable` for a NUL, which no argument of a program can hold.
    static func words(_ words: [String], of subject: String) throws -> String {
        guard !words.contains(where: { $0.unicodeScalars.contains("\0") }) else {
            throw DockerfileError(.unwritable, "\(subject) has a NUL character in it, which no program can be given")
        }
        return String(decoding: try CanonicalJSON.encode(words), as: UTF8.self)
    }

    /// A path, user or name that needs no quotes anywhere in a Dockerfile or a shell.
    ///
    /// - Throws: ``DockerfileError`` `unwritable` for any other.
    static func plain(_ value: String, of subject: String) throws -> String {
        guard isPlain(value) else {
            throw DockerfileError(
                .unwritable,
                "\(subject) is \(value.debugDescription); a Dockerfile takes letters, digits and . _ - + : / there"
            )
        }
        return value
    }

    static func isPlain(_ value: some StringProtocol) -> Bool {
        guard let first = value.utf8.first, first != UInt8(ascii: "-") else { return false }
        return value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._-+:/".utf8.contains(byte)
            }
        }
    }
}
