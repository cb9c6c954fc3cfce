import Foundation
import SystemPackage

/// Where settings come from besides flags: the environment, then the configuration file.
struct SettingSources: Sendable {
    /// A setting's text and who said it.
    struct Value: Sendable, Hashable {
        enum Source: Sendable, Hashable {
            case variable(String)
            case file(FilePath)
        }

        var text: String
        var source: Source
    }

    var environment: [String: String]
    var file: SettingsFile

    func value(of setting: Setting) -> Value? {
        // An empty variable is one that is not set, as CI jobs have them.
        if let text = environment[setting.variable], !text.isEmpty {
            return Value(text: text, source: .variable(setting.variable))
        }
        return file.values[setting.name].map { Value(text: $0, source: .file(file.path)) }
    }

    /// This process's. A file that cannot be read counts as empty here; ``check()`` refuses it first.
    static let current: SettingSources = {
        let environment = ProcessInfo.processInfo.environment
        let path = SettingsFile.path(in: environment)
        return SettingSources(
            environment: environment,
            file: (try? SettingsFile(path)) ?? SettingsFile(empty: path)
        )
    }()

    /// - Throws: ``CommandError`` for a configuration file that cannot be read.
    static func check() throws { _ = try SettingsFile(current.file.path) }
}
