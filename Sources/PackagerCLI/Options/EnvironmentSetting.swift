import ArgumentParser
import Foundation

/// What stands in for a flag that is not given: `PACKAGER_<NAME>` of the environment, or the configuration file.
enum EnvironmentSetting {
    static subscript(_ name: String) -> String? {
        let variable = "PACKAGER_\(name)"
        if let setting = Setting.all.first(where: { $0.variable == variable }) { return setting.value }
        return ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The setting as the type of its flag.
    ///
    /// - Throws: `ValidationError` (usage, exit code 2) that names the variable.
    static func value<Value: ExpressibleByArgument>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = Value(argument: text) else {
            let choices =
                Value.allValueStrings.isEmpty ? "" : "; it can be \(Value.allValueStrings.joined(separator: ", "))"
            throw ValidationError("PACKAGER_\(name) is \"\(text)\", which is not valid\(choices)")
        }
        return value
    }
}
