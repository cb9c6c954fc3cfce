import FileSystem
import JSON
import SystemPackage

/// A GPPI model that adds up its rows: its environment is NumPy, so that an image of it is made in a few seconds.
///
/// NumPy is the wine model's own version, which is there already where that one was packaged.
enum SumsModel {
    /// Its files by their paths.
    ///
    /// - Parameter weights: bytes that it carries along without using them.
    static func files(name: String = "sums", weights: [UInt8] = []) throws -> [(path: String, content: [UInt8])] {
        let project: JSONValue = [
            "binaries": ["type": "python", "dependencies": "conda", "conda_path": "work/conda.yaml"],
            "model": ["name": .string(name), "version": "1.0", "workDir": "work", "entrypoint": "entrypoint"],
            "odahuflowVersion": "1.0",
        ]
        let environment = "dependencies:\n- python=3.11\n- pip:\n  - numpy==\(try numpyVersion())\n"
        let module = """
            import numpy


            def init():
                return "matrix"


            def predict_on_matrix(input_matrix, provided_columns_names=None):
                return numpy.sum(numpy.asarray(input_matrix, dtype=float), axis=1), ("sum",)


            def info():
                return [], [{"name": "sum", "type": "number", "example": 1.5, "required": True}]

            """
        return [
            // JSON is YAML, too.
            ("odahuflow.project.yaml", Array(try CanonicalJSON.encode(project))),
            ("work/conda.yaml", Array(environment.utf8)),
            ("work/entrypoint.py", Array(module.utf8)),
            ("work/weights.bin", weights),
        ]
    }

    /// Writes its files below a directory.
    static func write(_ files: [(path: String, content: [UInt8])], to directory: FilePath) throws {
        for file in files {
            let path = directory.appending(file.path)
            try path.removingLastComponent().createDirectories()
            try path.writeAtomically(file.content)
        }
    }

    /// Writes it as a tar.
    static func archive(in directory: FilePath, as name: String, weights: [UInt8] = []) async throws -> FilePath {
        let archive = directory.appending(name)
        try await withTemporaryDirectory(in: directory) { files in
            try write(try self.files(weights: weights), to: files)
            try await command("tar", ["--create", "--file", archive.string, "--directory", files.string, "."])
                .succeeded()
        }
        return archive
    }

    private static func numpyVersion() throws -> String {
        let requirements = try FilePath("\(Project.root)/examples/wine/requirements.txt").text()
        guard let line = requirements.split(separator: "\n").first(where: { $0.hasPrefix("numpy==") }) else {
            throw EndToEndError("examples/wine/requirements.txt does not pin NumPy")
        }
        return String(line.dropFirst("numpy==".count))
    }
}
