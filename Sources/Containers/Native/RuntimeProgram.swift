import DockerEngine
import FileSystem
import FoundationEssentials
import Glibc
import JSON
import Subprocess
package import SystemPackage

/// `crun`, `runc`, or another program with their command line. Source: OCI runtime command line interface.
package struct RuntimeProgram: Sendable, Hashable {
    package var path: FilePath

    package init(_ path: FilePath) { self.path = path }

    /// - Parameters:
    ///   - name: a program on the path, or the path of one.
    ///   - path: directories with colons between them.
    /// - Returns: nil where there is no such program.
    package init?(named name: String, on path: String) {
        let places =
            name.contains("/")
            ? [FilePath(name).absolute]
            : path.split(separator: ":").map { FilePath(String($0)).appending(name) }
        let found = places.first { place in
            place.withPlatformString { access($0, X_OK) } == 0 && !place.isDirectory
        }
        guard let found else { return nil }
        self.path = found
    }

    package var name: String { path.lastComponent?.string ?? path.string }

    /// Runs a bundle to its end.
    ///
    /// - Parameters:
    ///   - state: a directory that the program keeps its own state in.
    ///   - report: is given what the container says, line by line.
    /// - Returns: the container's exit code.
    /// - Throws: ``ContainerError`` `runtimeFailed` with the program's own words.
    func run(
        _ identifier: String,
        bundle: FilePath,
        state: FilePath,
        report: @Sendable (String) -> Void
    ) async throws -> Int {
        let log = bundle.appending("runtime.log")
        let arguments = ["--log", "\(log)", "--log-format", "json", "run", "--bundle", "\(bundle)", identifier]
        var options = PlatformOptions()
        // What it gets for an interrupt at the terminal is our affair.
        options.createSession = true
        options.teardownSequence = []
        let result = try await Subprocess.run(
            .path(path),
            arguments: Arguments(general(state) + arguments),
            workingDirectory: bundle,
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .combinedWithOutput
        ) { execution in
            var lines = TextLines()
            for try await buffer in execution.standardOutput {
                for line in lines.take(buffer.withUnsafeBytes { Array($0) }) { report(line) }
            }
            for line in lines.finish() { report(line) }
        }
        try Task.checkCancellation()
        if let failure = Self.failure(in: log) {
            throw ContainerError(.runtimeFailed, "\(path) cannot run the container: \(failure)")
        }
        return switch result.terminationStatus {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
    }

    /// Ends a container, however it stands, and removes what the program keeps of it; one that there is not is fine.
    func remove(_ identifier: String, state: FilePath) async throws {
        _ = try await Subprocess.run(
            .path(path),
            arguments: Arguments(general(state) + ["delete", "--force", identifier]),
            input: .none,
            output: .discarded,
            error: .discarded
        )
    }

    private func general(_ state: FilePath) -> [String] {
        // crun would ask systemd where there is one, which gives services no groups outside of their own.
        ["--root", "\(state)"] + (name.hasPrefix("crun") ? ["--cgroup-manager=cgroupfs"] : [])
    }

    /// The last error that the program has written into its log.
    private static func failure(in log: FilePath) -> String? {
        guard let bytes = try? log.readAll(limit: 1 << 20) else { return nil }
        let messages = bytes.split(separator: 0x0a).compactMap { line -> String? in
            let entry: JSONValue? = try? CanonicalJSON.decode(from: Data(line))
            guard entry?["level"] == "error" else { return nil }
            return entry?["msg"]?.stringValue
        }
        return messages.last.map { String($0.prefix(600)) }
    }
}
