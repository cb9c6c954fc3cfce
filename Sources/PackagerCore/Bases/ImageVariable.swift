/// A variable of an image's environment: `NAME=VALUE`. Source: OCI image specification, "Image Configuration", `Env`.
package struct ImageVariable: Sendable, Hashable, CustomStringConvertible {
    package var name: String
    package var value: String

    /// - Throws: ``BaseError`` `invalidVariable` for what no shell could name.
    package init(parsing text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte & 0xdf) || byte == 0x5f }
        guard parts.count == 2, let first = parts[0].utf8.first, isLetter(first),
            parts[0].utf8.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) }), !parts[1].utf8.contains(0)
        else {
            throw BaseError(.invalidVariable, "\"\(text)\" is not of the form NAME=VALUE with a name such as LANG")
        }
        name = String(parts[0])
        value = String(parts[1])
    }

    package var description: String { "\(name)=\(value)" }
}
