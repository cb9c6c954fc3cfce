import FileSystem
import JSON
import SystemPackage
import TOMLKit

/// The configuration file: a TOML file with a line for each setting, and nothing else.
struct SettingsFile: Sendable {
    let path: FilePath
    private(set) var values: [String: String] = [:]
    private var lines: [Substring] = []

    /// `$PACKAGER_CONFIG`, or else `packager/config.toml` where the user's configuration is. Source: XDG Base Directory
    /// Specification.
    static func path(in environment: [String: String]) -> FilePath {
        func text(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let path = text("PACKAGER_CONFIG") { return FilePath(path) }
        let home = text("XDG_CONFIG_HOME") ?? "\(text("HOME") ?? ".")/.config"
        return FilePath(home).appending("packager").appending("config.toml")
    }

    init(empty path: FilePath) { self.path = path }

    /// - Throws: ``CommandError`` that names the line or the setting; a file that is not there is an empty one.
    init(_ path: FilePath) throws {
        self.path = path
        guard path.exists else { return }
        let text: String
        do {
            text = String(decoding: try path.readAll(limit: 1 << 20), as: UTF8.self)
        } catch {
            throw CommandError("the configuration file cannot be read: \(error)")
        }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw CommandError("\(path), line \(error.source.begin.line): \(error.description); correct the line")
        }
        for name in table.keys.sorted() {
            guard let setting = Setting.named(name) else {
                let hint = Spelling.hint(for: name, among: Setting.all.map(\.name))
                throw CommandError(
                    "\(path): there is no setting \"\(name)\"\(hint.isEmpty ? "; packager config show lists them" : hint)"
                )
            }
            guard let value = table[name], let text = Self.text(value, of: setting) else {
                throw CommandError(
                    "\(path): \(name) must be a string or a number\(setting.separator == nil ? "" : ", or a list of strings")"
                )
            }
            values[name] = text
        }
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
    }

    private static func text(_ value: any TOMLValueConvertible, of setting: Setting) -> String? {
        if let text = value.string { return text }
        if let number = value.int { return "\(number)" }
        if let number = value.double { return "\(number)" }
        if let flag = value.bool { return "\(flag)" }
        guard let separator = setting.separator, let array = value.array else { return nil }
        let texts = array.compactMap(\.string)
        return texts.count == array.count ? texts.joined(separator: String(separator)) : nil
    }

    /// Sets a value, or removes it with nil; comments and other lines stay as they are.
    mutating func set(_ setting: Setting, to value: String?) {
        values[setting.name] = value
        let line = value.map { Substring("\(setting.name) = \(Self.quoted($0))") }
        let place = lines.firstIndex { $0.prefix { $0 != "=" }.filter { !" \t\"'".contains($0) } == setting.name }
        switch (place, line) {
        case (let place?, let line?): lines[place] = line
        case (let place?, nil): lines.remove(at: place)
        case (nil, let line?): lines.append(line)
        case (nil, nil): break
        }
    }

    /// Writes the file for its owner's eyes only: it may hold a token.
    func write() throws {
        do {
            try path.removingLastComponent().createDirectories(mode: .ownerReadWriteExecute)
            let text = lines.map { $0 + "\n" }.joined()
            // A value that goes over several lines is not put together here.
            guard (try? TOMLTable(string: text)) != nil else {
                throw CommandError("\(path) has values of several lines; change it by hand")
            }
            try path.writeAtomically(text.utf8, permissions: .ownerReadWrite)
        } catch {
            throw CommandError("the configuration cannot be saved: \(error)")
        }
    }

    /// A basic string. Source: TOML 1.0, "String".
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
