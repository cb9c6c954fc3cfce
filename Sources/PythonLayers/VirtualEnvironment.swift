import ImageAssembler

/// The virtual environment around a base image's interpreter: what `python -m venv` makes, without pip.
///
/// Source: the documentation of `site` and PEP 405.
struct VirtualEnvironment: Sendable, Hashable {
    /// Absolute, without a trailing slash.
    var prefix: String
    var interpreter: BaseInterpreter
    /// Whether the interpreter's own packages are seen where the environment has none of their name.
    var seesSystem = false

    private var root: String { String(prefix.drop { $0 == "/" }) }

    /// The files and links that are there without any package.
    var entries: [LayerEntry] {
        let version = interpreter.version
        return [
            LayerEntry(path: "\(root)/pyvenv.cfg", kind: .bytes(Array(configuration.utf8), executable: false)),
            LayerEntry(path: "\(root)/bin/python3", kind: .symbolicLink(target: interpreter.path)),
            LayerEntry(path: "\(root)/bin/python", kind: .symbolicLink(target: "python3")),
            LayerEntry(path: "\(root)/bin/python\(version)", kind: .symbolicLink(target: "python3")),
            LayerEntry(path: "\(root)/bin/activate", kind: .bytes(Array(activate.utf8), executable: false)),
            LayerEntry(path: "\(root)/\(version.sitePackages)", kind: .directory),
            LayerEntry(path: "\(root)/lib64", kind: .symbolicLink(target: "lib")),
        ]
    }

    /// System packages stay out unless some of them are wanted: what is in the image is what the lock says.
    private var configuration: String {
        """
        home = \(interpreter.home)
        include-system-site-packages = \(seesSystem)
        version = \(interpreter.version)

        """
    }

    /// The interpreter that the text of a `pyvenv.cfg` names; nil where it names none.
    static func interpreter(in text: String) -> BaseInterpreter? {
        let values = values(in: text)
        // `venv` writes version, `virtualenv` and uv write version_info.
        let version = (values["version"] ?? values["version_info"])?.split(separator: ".").prefix(2).joined(
            separator: "."
        )
        guard let home = values["home"], home.hasPrefix("/"), let version = version.flatMap({ PythonVersion($0) })
        else {
            return nil
        }
        return BaseInterpreter(path: "\(home)/python\(version)", version: version)
    }

    static func seesSystem(_ text: String) -> Bool {
        values(in: text)["include-system-site-packages"]?.lowercased() == "true"
    }

    private static func values(in text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map(\.trimmed)
            if parts.count == 2 { values[parts[0].lowercased()] = parts[1] }
        }
        return values
    }

    /// Works in any POSIX shell, under `set -u` and `set -e`.
    private var activate: String {
        """
        # Source this file: . \(prefix)/bin/activate
        deactivate () {
            if [ -n "${_OLD_VIRTUAL_PATH+x}" ]; then
                PATH="$_OLD_VIRTUAL_PATH"
                export PATH
                unset _OLD_VIRTUAL_PATH
            fi
            if [ -n "${_OLD_VIRTUAL_PYTHONHOME+x}" ]; then
                PYTHONHOME="$_OLD_VIRTUAL_PYTHONHOME"
                export PYTHONHOME
                unset _OLD_VIRTUAL_PYTHONHOME
            fi
            unset VIRTUAL_ENV
            if [ "${1:-}" != nondestructive ]; then
                unset -f deactivate
            fi
        }
        deactivate nondestructive
        VIRTUAL_ENV='\(prefix)'
        export VIRTUAL_ENV
        _OLD_VIRTUAL_PATH="${PATH:-}"
        PATH="$VIRTUAL_ENV/bin${PATH:+:$PATH}"
        export PATH
        if [ -n "${PYTHONHOME+x}" ]; then
            _OLD_VIRTUAL_PYTHONHOME="$PYTHONHOME"
            unset PYTHONHOME
        fi
        hash -r 2>/dev/null || true

        """
    }
}
