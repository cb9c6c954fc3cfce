/// The rule for the ids of all entities: `^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`.
enum EntityID {
    /// A sentence for each thing that is wrong, in ODAHU's words.
    static func errors(_ id: String) -> [String] {
        if id.isEmpty { return ["ID is not valid", "empty \"ID\""] }
        func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let bytes = Array(id.utf8)
        let isValid =
            bytes.count <= 63 && isLetter(bytes[0]) && isLetterOrDigit(bytes[bytes.count - 1])
            && bytes.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        return isValid ? [] : ["ID is not valid"]
    }
}
