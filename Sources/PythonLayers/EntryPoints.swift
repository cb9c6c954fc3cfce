/// The commands that a package installs. Source: PyPA, "Entry points specification".
package struct EntryPoints: Sendable, Hashable {
    package struct Command: Sendable, Hashable {
        package var name: String
        /// Dotted.
        var module: String
        /// Dotted, within the module.
        var object: String
    }

    /// Sorted by name.
    package var commands: [Command]

    /// Reads `console_scripts` and `gui_scripts` of `entry_points.txt`.
    package init(text: String) throws(PythonEnvironmentError) {
        var section = ""
        var found: [String: Command] = [:]
        for line in text.split(whereSeparator: \.isNewline).map(\.trimmed)
        where !line.isEmpty && !line.hasPrefix("#") && !line.hasPrefix(";") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = line.dropFirst().dropLast().trimmed
            } else if section == "console_scripts" || section == "gui_scripts" {
                let command = try Command(line)
                found[command.name] = command
            }
        }
        commands = found.values.sorted { $0.name < $1.name }
    }
}

extension EntryPoints.Command {
    /// Reads `name = module:object [extra]`.
    fileprivate init(_ line: String) throws(PythonEnvironmentError) {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
        let reference = (parts.count == 2 ? parts[1] : "").prefix { $0 != "[" }.trimmed
        let sides = reference.split(separator: ":", omittingEmptySubsequences: false).map(\.trimmed)
        guard let name = parts.first, !name.isEmpty, name != ".", name != "..", !name.contains("/"),
            name.allSatisfy({ $0.isASCII && !$0.isNewline }), sides.count == 2, sides.allSatisfy(Self.isDotted)
        else { throw PythonEnvironmentError(.invalidWheel, "entry_points.txt has the line \"\(line)\"") }
        self.init(name: name, module: sides[0], object: sides[1])
    }

    private static func isDotted(_ name: String) -> Bool {
        name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            part.first.map { $0.isLetter || $0 == "_" } == true
                && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        }
    }

    /// The command's script, started by the environment's interpreter.
    package func script(interpreter: String) -> String {
        let root = object.prefix { $0 != "." }
        return """
            #!\(interpreter)
            # -*- coding: utf-8 -*-
            import sys
            from \(module) import \(root)
            if __name__ == "__main__":
                sys.exit(\(object)())

            """
    }
}
