import FileSystem
import JSON
import SystemPackage
import YAML

/// An unpacked artifact and what the readers of its manifests need of it.
struct Artifact {
    let root: FilePath

    /// Manifests and requirements are small; anything longer is something else.
    static let manifestLimit = 4 << 20

    /// A path that a manifest names, relative to the root; nil when it is absolute or leads upwards.
    static func path(_ written: String, below directory: String = "") -> String? {
        guard !written.hasPrefix("/"), !written.utf8.contains(0) else { return nil }
        let components = written.split(separator: "/").filter { $0 != "." }
        guard !components.contains("..") else { return nil }
        return (directory.split(separator: "/") + components).joined(separator: "/")
    }

    func isFile(_ path: String) -> Bool {
        (try? FileIdentity(of: root.appending(path)).isRegularFile) ?? false
    }

    func isDirectory(_ path: String) -> Bool { path.isEmpty || root.appending(path).isDirectory }

    /// Names in a directory, without what macOS adds to archives.
    func names(in directory: String) throws -> [String] {
        try (directory.isEmpty ? root : root.appending(directory)).entries().map(\.string)
            .filter { $0 != "__MACOSX" && $0 != ".DS_Store" }
    }

    func text(_ path: String, _ code: ModelError.Code) throws -> String {
        do {
            let bytes = try root.appending(path).readAll(limit: Self.manifestLimit)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ModelError(code, path, "it is not UTF-8 text; save it as UTF-8")
            }
            return text
        } catch let error as FileSystemError where error.errno == .fileTooLarge {
            throw ModelError(code, path, "it is longer than \(Self.manifestLimit >> 20) MiB, which no such file is")
        }
    }

    /// The one document of a YAML or JSON file, with numbers as they are written: a version `1.10` stays "1.10".
    func document(_ path: String, _ code: ModelError.Code) throws -> JSONValue {
        do {
            let documents = try YAML.documents(in: try text(path, code), numbersAsStrings: true)
            guard let document = documents.first else { throw ModelError(code, path, "it is empty") }
            guard documents.count == 1 else {
                throw ModelError(code, path, "it holds \(documents.count) documents; keep one")
            }
            return document
        } catch let error as YAMLError {
            let prefix = code == .manifest ? "Odahu manifest file is in incorrect format: " : "it is not YAML: "
            throw ModelError(code, path, (path.hasSuffix("MLmodel") ? "it is not YAML: " : prefix) + "\(error)")
        }
    }
}
