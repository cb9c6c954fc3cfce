import Concurrency
import FileSystem
import ImageAssembler
import SystemPackage

/// Compiles the sources of an environment to `.pyc` files that hold no time stamp and are not checked at import.
///
/// Source: PEP 552, "unchecked hash-based pycs".
struct ByteCodeCompiler: Sendable {
    var interpreter: PythonInterpreter
    var cache: CacheDirectory
    /// The environment's root in the image, absolute: file names in tracebacks begin with it.
    var prefix: String

    /// The byte code of the modules below `site-packages`; sources that do not compile have none.
    ///
    /// - Parameter key: identifies the files' content.
    func entries(for files: [WheelInstallation.File], key: String) async throws -> [LayerEntry] {
        let root = cache.byteCode.appending(key)
        try await cache.makeDirectory(at: root) { directory in
            try await compile(files, into: directory)
        }
        let environment = prefix.drop { $0 == "/" }
        return try await blocking {
            files.compactMap { file in
                guard let name = byteCodeName(of: file.path) else { return nil }
                let path = root.appending(name)
                guard let identity = try? FileIdentity(of: path) else { return nil }
                return LayerEntry(
                    path: "\(environment)/\(name)",
                    kind: .file(path, size: identity.size, executable: false)
                )
            }
        }
    }

    /// Whether a file of an environment is a module that a program may import: packages' own tests, half of all sources in
    /// scientific ones, are not.
    static func compiles(_ path: String) -> Bool {
        path.hasSuffix(".py") && path.hasPrefix("lib/") && !path.contains("/tests/")
    }

    /// `a/__pycache__/b.cpython-311.pyc` for `a/b.py`; nil for what is not compiled.
    private func byteCodeName(of path: String) -> String? {
        guard Self.compiles(path), let slash = path.lastIndex(of: "/"),
            let version = PythonVersion(interpreter.release)
        else { return nil }
        let stem = path[path.index(after: slash)...].dropLast(3)
        return "\(path[..<slash])/__pycache__/\(stem).cpython-\(version.digits).pyc"
    }

    private func compile(_ files: [WheelInstallation.File], into directory: FilePath) async throws {
        var lines = ""
        for file in files {
            guard let name = byteCodeName(of: file.path), case .file(let source, _, _) = file.content else { continue }
            lines += "\(source)\0\(directory.appending(name))\0\(prefix)/\(file.path)\0"
        }
        guard !lines.isEmpty else { return }
        // It uses all cores by itself, so a second one beside it would only fight for them.
        let input = lines
        let result = try await Self.turnstile.pass {
            try await Command.run(
                [interpreter.path, "-s", "-S", "-B", "-W", "ignore", "-c", Self.program],
                environment: [
                    // Frozen sets are written in the order of their hashes.
                    "PYTHONHASHSEED": "0", "PYTHONPATH": nil, "PYTHONHOME": nil,
                    "PYTHONOPTIMIZE": nil, "PYTHONPLATLIBDIR": nil, "PYTHONUTF8": "1",
                ],
                directory: directory,
                input: input
            )
        }
        guard result.succeeded else {
            let reason = result.error.split(separator: "\n").last.map(String.init) ?? "it said nothing"
            throw PythonEnvironmentError(
                .interpreterFailed,
                "byte code cannot be compiled with \(interpreter.path): \(reason); turn it off with --bytecode off"
            )
        }
    }

    private static let turnstile = Turnstile(places: 1)

    /// Reads source, target and the name in the image, each ended by a zero byte; splits the work over the cores.
    private static let program = """
        import os, sys, py_compile
        from concurrent.futures import ProcessPoolExecutor

        def compile_one(job):
            source, target, name = job
            try:
                py_compile.compile(
                    source, cfile=target, dfile=name, doraise=True,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
            except OSError:
                raise
            except Exception:
                pass

        if __name__ == "__main__":
            fields = sys.stdin.buffer.read().decode("utf-8").split("\\0")[:-1]
            jobs = list(zip(fields[0::3], fields[1::3], fields[2::3]))
            workers = min(len(os.sched_getaffinity(0)), max(1, len(jobs) // 16))
            if workers == 1:
                for job in jobs:
                    compile_one(job)
            else:
                with ProcessPoolExecutor(workers) as pool:
                    for _ in pool.map(compile_one, jobs, chunksize=16):
                        pass
        """
}
