import FileSystem
import SystemPackage

/// Entries of a layer, written as plain ustar, well or ill.
struct LayerEntry: Sendable {
    var path: String
    /// `typeflag`
    var type: Character
    var mode = 0o644
    var target = ""
    var content = ""

    static func file(_ path: String, _ content: String = "x", mode: Int = 0o644) -> LayerEntry {
        LayerEntry(path: path, type: "0", mode: mode, content: content)
    }

    static func directory(_ path: String, mode: Int = 0o755) -> LayerEntry {
        LayerEntry(path: path, type: "5", mode: mode)
    }

    static func symbolicLink(_ path: String, to target: String) -> LayerEntry {
        LayerEntry(path: path, type: "2", mode: 0o777, target: target)
    }

    static func hardLink(_ path: String, to target: String) -> LayerEntry {
        LayerEntry(path: path, type: "1", target: target)
    }

    static func device(_ path: String) -> LayerEntry { LayerEntry(path: path, type: "3") }

    /// Source: POSIX.1-2017, pax, "ustar Interchange Format".
    var bytes: [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(path, at: 0)
        put(octal(mode, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(content.utf8.count, 11), at: 124)
        put(octal(1_600_000_000, 11), at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put(target, at: 157)
        put("ustar\u{0}00", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
        let padding = (512 - content.utf8.count % 512) % 512
        return header + Array(content.utf8) + [UInt8](repeating: 0, count: padding)
    }
}

extension [LayerEntry] {
    func write(to path: FilePath) throws {
        try path.writeAtomically(flatMap(\.bytes) + [UInt8](repeating: 0, count: 1024))
    }

    /// Without the end of a tar, and without what fills up its last block.
    func writeUnfinished(to path: FilePath) throws {
        let padding = last.map { (512 - $0.content.utf8.count % 512) % 512 } ?? 0
        try path.writeAtomically(flatMap(\.bytes).dropLast(padding))
    }
}
