import ArgumentParser
import SystemPackage

/// What stands in for a flag that is not given.
extension Setting {
    /// What the environment or the file says.
    var value: String? { SettingSources.current.value(of: self)?.text }

    /// The texts of a setting that may have several.
    var values: [String] { separator.map { split(at: $0) } ?? [value].compactMap(\.self) }

    /// The setting as the type of its flag.
    ///
    /// - Throws: `ValidationError` (usage, exit code 2) that names who says it.
    func parsed<Value: ExpressibleByArgument>(
        as type: Value.Type = Value.self,
        in sources: SettingSources = .current
    ) throws -> Value? {
        try sources.value(of: self).map { try parsed($0.text, from: $0.source) }
    }

    /// The texts of a setting that may have several, as the type of its flag.
    ///
    /// - Throws: as ``parsed(as:in:)`` does.
    func parsedValues<Value: ExpressibleByArgument>(
        as type: Value.Type = Value.self,
        in sources: SettingSources = .current
    ) throws -> [Value] {
        guard let found = sources.value(of: self) else { return [] }
        let texts = separator.map { found.text.split(separator: $0).map(String.init) } ?? [found.text]
        return try texts.map { try parsed($0, from: found.source) }
    }

    private func parsed<Value: ExpressibleByArgument>(_ text: String, from source: SettingSources.Value.Source) throws
        -> Value
    {
        guard let value = Value(argument: text) else {
            let choices = Value.allValueStrings
            let hint = choices.isEmpty ? "" : "; it can be \(choices.joined(separator: ", "))"
            throw ValidationError("\(source.name(of: self)) is \"\(text)\", which is not valid\(hint)")
        }
        return value
    }

    private func split(at separator: Character) -> [String] {
        (value ?? "").split(separator: separator).map(String.init)
    }
}

extension SettingSources.Value.Source {
    /// Where a person would look for it.
    fileprivate func name(of setting: Setting) -> String {
        switch self {
        case .variable(let name): name
        case .file(let path): "\(setting.name) in \(path)"
        }
    }
}
