import PythonLayers

/// A lock as pip reads it, with the hash of the one wheel that each package is installed from.
struct RequirementsFile {
    var text: String

    /// - Throws: ``DockerfileError`` `unwritable` for a name or version that could be read as something else.
    init(_ environment: ResolvedEnvironment) throws {
        var text = "# Locked for the base image: pip installs these files and no others.\n"
        for package in environment.inBase {
            text += "# In the base: \(try Self.pin(package.name, package.version))\n"
        }
        for wheel in environment.wheels {
            text += "\(try Self.pin(wheel.name, wheel.version)) \\\n    --hash=sha256:\(wheel.file.sha256)\n"
        }
        self.text = text
    }

    private static func pin(_ name: String, _ version: String) throws -> String {
        let name = try DockerfileText.plain(name, of: "a package's name")
        guard version.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"\\#;@\"'$".utf8.contains($0) }) else {
            throw DockerfileError(.unwritable, "the version of \(name) is \(version.debugDescription), which is none")
        }
        return "\(name)==\(version)"
    }
}
