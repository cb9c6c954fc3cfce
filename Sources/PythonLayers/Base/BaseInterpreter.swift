package import OCI

/// The Python interpreter in a base image.
package struct BaseInterpreter: Sendable, Hashable, Codable {
    /// From the image's root, with a leading slash.
    package var path: String
    package var version: PythonVersion

    /// The label by which a base names its interpreter.
    package static let label = "io.packager.python"

    /// The directory of the interpreter: `home` in `pyvenv.cfg`.
    var home: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
    /// The directory that it and its library are installed below, such as `/usr` or `/opt/conda`.
    var installation: String { String(home[..<(home.lastIndex(of: "/") ?? home.startIndex)]) }

    /// Where it looks for installed distributions, in its order.
    ///
    /// Source: CPython's `site`, Debian's changes to it, and Fedora's. Directories that a base does not have do no harm.
    var packageDirectories: [String] {
        guard installation == "/usr" else { return ["\(installation)/lib/python\(version)/site-packages"] }
        return [
            "/usr/local/lib/python\(version)/dist-packages", "/usr/lib/python3/dist-packages",
            "/usr/lib/python\(version)/dist-packages", "/usr/local/lib64/python\(version)/site-packages",
            "/usr/local/lib/python\(version)/site-packages", "/usr/lib64/python\(version)/site-packages",
            "/usr/lib/python\(version)/site-packages",
        ]
    }

    /// What the configuration says: our own label, or the variable of the official `python` images.
    package static func declared(in configuration: ImageConfiguration) -> BaseInterpreter? {
        let version = configuration.config?.variable("PYTHON_VERSION").flatMap { PythonVersion($0) }
        if let path = configuration.config?.labels?[label], path.hasPrefix("/") {
            guard let version = version ?? Self.version(inName: path) else { return nil }
            return BaseInterpreter(path: path, version: version)
        }
        return version.map { BaseInterpreter(path: "/usr/local/bin/python\($0)", version: $0) }
    }

    /// An interpreter where Debian and the official images have it; nil for any other path of a layer.
    init?(member path: String) {
        guard ["usr/bin", "usr/local/bin"].contains(BaseMember.split(path).parent) else { return nil }
        self.init(anywhere: path)
    }

    /// An interpreter by its path in a layer; nil where the name is none.
    init?(anywhere path: String) {
        guard let version = Self.version(inName: path) else { return nil }
        self.init(path: "/" + path, version: version)
    }

    init(path: String, version: PythonVersion) {
        self.path = path
        self.version = version
    }

    private static func version(inName path: String) -> PythonVersion? {
        let name = path.split(separator: "/").last ?? ""
        guard name.hasPrefix("python3."), name.dropFirst(8).allSatisfy(\.isNumber) else { return nil }
        return PythonVersion(name.dropFirst(6))
    }
}
