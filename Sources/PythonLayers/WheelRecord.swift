import Crypto
import FoundationEssentials

/// The table of a wheel's files. Source: the binary distribution format (PEP 427) and PEP 376, `RECORD`.
struct WheelRecord: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        var path: String
        /// `sha256=<URL-safe base64 without padding>`; empty for files that cannot have one.
        var hash: String
        var size: Int64?
    }

    var rows: [Row]

    init(rows: [Row]) { self.rows = rows }

    init(text: String) throws(PythonEnvironmentError) {
        rows = []
        for fields in CommaSeparated.rows(text) where fields != [""] {
            guard let path = fields.first, !path.isEmpty, fields.count <= 3 else {
                throw PythonEnvironmentError(.invalidWheel, "RECORD has the row \"\(fields.joined(separator: ","))\"")
            }
            rows.append(
                Row(
                    path: path,
                    hash: fields.count > 1 ? fields[1] : "",
                    size: fields.count > 2 ? Int64(fields[2]) : nil
                )
            )
        }
    }

    /// The rows, sorted, one a line.
    var text: String {
        rows.map { row in
            [row.path, row.hash, row.size.map(String.init) ?? ""].map(CommaSeparated.quote).joined(separator: ",")
        }
        .sorted()
        .map { $0 + "\n" }.joined()
    }

    /// `sha256=…` of a digest's bytes.
    static func hashField(_ algorithm: String = "sha256", _ digest: some Sequence<UInt8>) -> String {
        let base64 = Data(digest).base64EncodedString()
        let safe = base64.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        return "\(algorithm)=\(String(safe))"
    }

    /// The row of a file made here.
    static func row(_ path: String, _ bytes: [UInt8]) -> Row {
        Row(path: path, hash: hashField("sha256", SHA256.hash(data: bytes)), size: Int64(bytes.count))
    }
}

/// Comma-separated values with quotes, as Python's `csv` module reads and writes them.
enum CommaSeparated {
    static func rows(_ text: String) -> [[String]] {
        // Nearly every file has no quotes.
        guard text.utf8.contains(UInt8(ascii: "\"")) else {
            return text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }).map { line in
                line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { String(Substring($0)) }
            }
        }
        var rows: [[String]] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var quoted = false
        func end(of field: inout [UInt8]) -> String {
            defer { field = [] }
            return String(decoding: field, as: UTF8.self)
        }
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\"") where quoted && bytes.first == byte:
                bytes.removeFirst()
                field.append(byte)
            case UInt8(ascii: "\""): quoted.toggle()
            case UInt8(ascii: ",") where !quoted: fields.append(end(of: &field))
            case UInt8(ascii: "\r") where !quoted: break
            case UInt8(ascii: "\n") where !quoted:
                rows.append(fields + [end(of: &field)])
                fields = []
            default: field.append(byte)
            }
        }
        if !field.isEmpty || !fields.isEmpty { rows.append(fields + [end(of: &field)]) }
        return rows
    }

    static func quote(_ field: String) -> String {
        guard field.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }) else {
            return field
        }
        return "\"" + field.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }
}
