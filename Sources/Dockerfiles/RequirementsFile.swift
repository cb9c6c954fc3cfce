import PythonLayers

/// A lock as pip reads it, with the hash of the one wheel that each package is installed from.
struct RequirementsFile {
    var text: String

    /// - Throws: ``DockerfileError`` `unwritable` for a name or version that could be read as something else.
    init(_ wheels: [LockedWheel]) throws {
        var text = "# Locked for the base image: pip installs these files and no others.\n"
        for wheel in wheels {
            let name = try DockerfileText.plain(wheel.name, of: "a package's name")
            guard wheel.version.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"\\#;@\"'$".utf8.contains($0) }) else {
                throw DockerfileError(
                    .unwritable,
                    "the version of \(name) is \(wheel.version.debugDescription), which is none"
                )
            }
            text += "\(name)==\(wheel.version) \\\n    --hash=sha256:\(wheel.file.sha256)\n"
        }
        self.text = text
    }
}
