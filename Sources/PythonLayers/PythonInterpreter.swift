import FileSystem
import Subprocess
import Synchronization
import SystemPackage

/// An interpreter on this machine that compiles byte code.
struct PythonInterpreter: Sendable, Hashable {
    var path: String
    /// `3.11.2`.
    var release: String
    /// The byte code's magic number, in hexadecimal.
    var magic: String

    private static let probe = """
        import sys, platform, importlib.util as u
        print(sys.implementation.name, platform.python_version(), u.MAGIC_NUMBER.hex(), sys.executable)
        """

    /// The interpreter of a minor version on the `PATH`, else among those that uv knows; nil when there is none.
    ///
    /// Asked once in a process.
    static func find(_ version: PythonVersion, resolver: PackageResolver?) async throws -> PythonInterpreter? {
        if let known = known.withLock({ $0[version] }) { return known }
        var found = try await probe("python\(version)", version)
        if found == nil, let path = try await resolver?.interpreter(version) { found = try await probe(path, version) }
        known.withLock { $0[version] = .some(found) }
        return found
    }

    private static let known = Mutex<[PythonVersion: PythonInterpreter?]>([:])

    private static func probe(_ path: String, _ version: PythonVersion) async throws -> PythonInterpreter? {
        let result: Command.Result
        do {
            result = try await Command.run([path, "-I", "-S", "-c", probe])
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return nil
        } catch let error as CancellationError {
            throw error
        } catch {
            // Going on without byte code would give the image another digest than the next build's.
            throw PythonEnvironmentError(
                .interpreterFailed,
                "\(path) is there and cannot be started: \(error); try again, or turn byte code off with --bytecode off"
            )
        }
        let words = result.output.trimmed.split(separator: " ", maxSplits: 3).map(String.init)
        guard result.succeeded, words.count == 4, words[0] == "cpython", PythonVersion(words[1]) == version else {
            return nil
        }
        return PythonInterpreter(path: words[3], release: words[1], magic: words[2])
    }
}
