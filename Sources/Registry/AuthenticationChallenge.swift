/// One challenge of a `WWW-Authenticate` header. Source: RFC 9110, section 11.6.1.
struct AuthenticationChallenge: Sendable, Hashable {
    /// Lower case: `bearer`, `basic`.
    var scheme: String
    /// By lower-case name.
    var parameters: [String: String] = [:]

    /// Every challenge of the header's values, in order; what cannot be read is left out.
    static func parse(_ values: [String]) -> [AuthenticationChallenge] {
        values.flatMap { value in
            var scanner = Scanner(rest: Array(value.utf8)[...])
            return scanner.challenges()
        }
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func challenges() -> [AuthenticationChallenge] {
            var found: [AuthenticationChallenge] = []
            while true {
                skip { $0 == UInt8(ascii: ",") || Self.isSpace($0) }
                let word = token()
                if word.isEmpty { return found }
                skip(Self.isSpace)
                if rest.first == UInt8(ascii: "="), let last = found.indices.last {
                    rest.removeFirst()
                    skip(Self.isSpace)
                    found[last].parameters[word.lowercased()] = value()
                } else {
                    found.append(AuthenticationChallenge(scheme: word.lowercased()))
                }
            }
        }

        private mutating func value() -> String {
            guard rest.first == UInt8(ascii: "\"") else { return token() }
            rest.removeFirst()
            var text: [UInt8] = []
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                text.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
            }
            return String(decoding: text, as: UTF8.self)
        }

        /// Wider than the grammar's token: servers leave URLs and scopes unquoted.
        private mutating func token() -> String {
            let isTokenByte: (UInt8) -> Bool = {
                $0 > 0x20 && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"")
            }
            let token = rest.prefix(while: isTokenByte)
            rest = rest.dropFirst(token.count)
            return String(decoding: token, as: UTF8.self)
        }

        private mutating func skip(_ isSkipped: (UInt8) -> Bool) { rest = rest.drop(while: isSkipped) }

        private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    }
}
