import JSON
import SystemPackage

extension Setting {
    static let hidden = "****"

    /// What the environment alone says.
    var environmentValue: String? {
        SettingSources.current.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value and where it comes from, for people and programs.
    func document(showSecrets: Bool, in sources: SettingSources = .current) -> JSONValue {
        let found = sources.value(of: self)
        let text = found?.text ?? defaultValue
        let from =
            switch found?.source {
            case .variable(let name): name
            case .file(let path): path.string
            case nil: "default"
            }
        return [
            "name": .string(name),
            "value": .string(isSecret && !showSecrets && !text.isEmpty ? Self.hidden : text),
            "from": .string(from),
            "variable": .string(variable),
            "default": .string(defaultValue),
            "summary": .string(summary),
        ]
    }

    /// Puts it into the configuration file, or takes it out with nil.
    func write(_ value: String?) throws {
        var file = try SettingsFile(SettingSources.current.file.path)
        file.set(self, to: value)
        try file.write()
    }

    /// - Throws: ``CommandError`` that says what was likely meant. ODAHU's names, in capitals, are understood.
    static func required(_ name: String) throws -> Setting {
        let odahu = ["API_URL": "url", "API_TOKEN": "token"]
        if let setting = named(odahu[name] ?? name) { return setting }
        let hint = Spelling.hint(for: name, among: all.map(\.name))
        throw CommandError("Variable '\(name)' is unknown\(hint.isEmpty ? "; packager config show lists them" : hint)")
    }
}
