import ArgumentParser
import Foundation

/// Settings of the environment: `PACKAGER_<NAME>` stands in for the flag of that name.
enum EnvironmentSetting {
    static subscript(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["PACKAGER_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The variable as the type of its flag.
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
