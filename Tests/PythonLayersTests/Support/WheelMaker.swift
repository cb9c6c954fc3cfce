import JSON
import SystemPackage
import Testing

@testable import PythonLayers

/// Makes wheels and source distributions.
struct WheelMaker {
    var name = "tiny"
    var version = "1.0"
    var tag = "py3-none-any"
    /// By path; text.
    var files: [String: String] = [:]
    var executables: Set<String> = []
    /// Rows in place of the right ones, by path: `sha256=…,5`.
    var wrongRows: [String: String] = [:]
    var wheelVersion = "1.0"

    var information: String { "\(name)-\(version).dist-info" }
    var fileName: String { "\(name)-\(version)-\(tag).whl" }

    private static let program = """
        import base64, hashlib, json, sys, zipfile
        job = json.load(sys.stdin)
        rows = []
        with zipfile.ZipFile(job["path"], "w", zipfile.ZIP_DEFLATED) as archive:
            def add(name, data):
                info = zipfile.ZipInfo(name)
                info.external_attr = (0o100755 if name in job["executables"] else 0o100644) << 16
                archive.writestr(info, data)
            for name, text in sorted(job["files"].items()):
                data = text.encode()
                add(name, data)
                hash = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                quoted = '"' + name + '"' if "," in name else name
                rows.append(f"{quoted}," + job["wrong"].get(name, f"sha256={hash},{len(data)}"))
            record = job["information"] + "/RECORD"
            add(record, "\\n".join(rows + [record + ",,"]).encode() + b"\\n")
        print(hashlib.sha256(open(job["path"], "rb").read()).hexdigest())
        """

    /// Writes the wheel and gives its path and SHA-256.
    func make(in directory: FilePath) async throws -> (path: FilePath, sha256: String) {
        let path = directory.appending(fileName)
        var files = files
        files["\(information)/METADATA"] = "Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n"
        files["\(information)/WHEEL"] = "Wheel-Version: \(wheelVersion)\nRoot-Is-Purelib: true\nTag: \(tag)\n"
        let job: JSONValue = .object([
            "path": .string(path.string),
            "files": .object(files.mapValues { .string($0) }),
            "executables": .array(executables.map { .string($0) }),
            "wrong": .object(wrongRows.mapValues { .string($0) }),
            "information": .string(information),
        ])
        let input = String(decoding: try CanonicalJSON.encode(job), as: UTF8.self)
        let result = try await Command.run(["python3", "-c", Self.program], input: input)
        try #require(result.succeeded, "\(result.error)")
        return (path, result.output.trimmed)
    }

    /// The wheel as a chosen one of a lock.
    func choose(in directory: FilePath) async throws -> ChosenWheel {
        let made = try await make(in: directory)
        return ChosenWheel(
            package: name,
            version: version,
            file: Lock.File(url: "file://\(made.path)", name: fileName, sha256: made.sha256)
        )
    }
}

/// A package that is only there as sources, with a build backend of its own, so that building asks no index.
struct SourceMaker {
    private static let program = """
        import io, sys, tarfile
        backend = '''
        import base64, hashlib, os, zipfile
        def build_wheel(directory, config_settings=None, metadata_directory=None):
            files = {"onlysource.py": "answer = 42\\\\n",
                "onlysource-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\\\nName: onlysource\\\\nVersion: 1.0\\\\n",
                "onlysource-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\\\nRoot-Is-Purelib: true\\\\nTag: py3-none-any\\\\n"}
            record = "onlysource-1.0.dist-info/RECORD,,\\\\n"
            with zipfile.ZipFile(os.path.join(directory, "onlysource-1.0-py3-none-any.whl"), "w") as archive:
                for name, text in files.items():
                    archive.writestr(name, text)
                    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
                    record += f"{name},sha256={digest},{len(text)}\\\\n"
                archive.writestr("onlysource-1.0.dist-info/RECORD", record)
            return "onlysource-1.0-py3-none-any.whl"
        '''
        project = '''
        [build-system]
        requires = []
        build-backend = "backend"
        backend-path = ["."]
        [project]
        name = "onlysource"
        version = "1.0"
        '''
        with tarfile.open(sys.argv[1], "w:gz") as archive:
            for name, text in {
                "pyproject.toml": project, "backend.py": backend,
                "PKG-INFO": "Metadata-Version: 2.2\\nName: onlysource\\nVersion: 1.0\\n"}.items():
                info = tarfile.TarInfo("onlysource-1.0/" + name)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
        """

    static func make(in directory: FilePath) async throws {
        let result = try await Command.run(
            ["python3", "-c", program, directory.appending("onlysource-1.0.tar.gz").string]
        )
        try #require(result.succeeded, "\(result.error)")
    }
}
