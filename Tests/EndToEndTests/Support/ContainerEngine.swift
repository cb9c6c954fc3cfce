import FileSystem
import Glibc
import JSON
import SystemPackage

/// A Docker engine of our own, without networks: containers use the host's.
struct ContainerEngine: Sendable {
    var socket: FilePath
    /// Where the client looks for credentials.
    var credentials: FilePath

    /// Options of the program under test that make it build here.
    var builderFlags: [String] { ["--docker-host", "unix://\(socket)", "--docker-network", "host"] }

    @discardableResult
    func docker(_ arguments: String...) async throws -> CommandResult {
        try await docker(arguments)
    }

    @discardableResult
    func docker(_ arguments: [String], input: String = "") async throws -> CommandResult {
        try await command(
            "docker",
            ["--config", credentials.string, "--host", "unix://\(socket)"] + arguments,
            input: input
        ).succeeded()
    }

    /// Runs an image as a careful operator would, read-only, until the body ends.
    ///
    /// - Parameters:
    ///   - user: the number of the user and group to run it as, instead of the image's own.
    ///   - options: of the engine.
    ///   - flags: of the image's program.
    func withContainer<Value: Sendable>(
        of image: String,
        as user: Int? = nil,
        options: [String] = [],
        flags: [String] = [],
        _ body: @Sendable (Container) async throws -> Value
    ) async throws -> Value {
        let owner = user.map { ["--user", "\($0):\($0)"] } ?? []
        let identifier = try await docker(
            ["run", "--detach", "--network", "host", "--read-only"] + owner + options + [image] + flags
        ).line
        do {
            let value = try await body(Container(engine: self, identifier: identifier))
            try await docker("rm", "--force", "--volumes", identifier)
            return value
        } catch {
            let log = try? await docker("logs", identifier)
            _ = try? await docker("rm", "--force", "--volumes", identifier)
            throw EndToEndError("\(error)\nthe container said:\n\(log?.output ?? "")\(log?.error ?? "")")
        }
    }
}

/// A running container.
struct Container: Sendable {
    var engine: ContainerEngine
    var identifier: String

    var isRunning: Bool {
        get async throws { try await inspect("{{.State.Running}}") == "true" }
    }

    /// The real user and group of its first process, as the kernel knows them.
    var owner: (user: Int, group: Int) {
        get async throws {
            let status = try FilePath("/proc/\(await inspect("{{.State.Pid}}"))/status").text()
            func first(_ field: String) -> Int? {
                let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
                return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
            }
            guard let user = first("Uid:"), let group = first("Gid:") else {
                throw EndToEndError("no owner in \(status)")
            }
            return (user, group)
        }
    }

    private func inspect(_ format: String) async throws -> String {
        try await engine.docker("inspect", "--format", format, identifier).line
    }
}

/// Runs an engine in a directory of its own.
func withContainerEngine<Value: Sendable>(
    in directory: FilePath,
    credentials: FilePath,
    _ body: @Sendable (ContainerEngine) async throws -> Value
) async throws -> Value {
    let engine = ContainerEngine(socket: directory.appending("d.sock"), credentials: credentials)
    // The kernel lays no overlay over another one, as the root of a container is.
    let fileSystem = try await command("stat", ["--file-system", "--format", "%T", directory.string]).line
    let driver = fileSystem.hasPrefix("overlay") ? "vfs" : "overlay2"
    let value = try await withDaemon(
        "dockerd",
        [
            "--iptables=false", "--bridge=none", "--storage-driver=\(driver)", "--host=unix://\(engine.socket)",
            "--data-root=\(directory)/engine", "--exec-root=\(directory)/exec", "--pidfile=\(directory)/engine.pid",
        ],
        log: directory.appending("engine.log"),
        isReady: { _ in (try? await engine.docker("version")) != nil },
        { _ in try await body(engine) }
    )
    return value
}

/// Takes away every mount below a directory, the innermost first.
func unmount(below directory: FilePath) {
    let mounts = (try? FilePath("/proc/self/mounts").text()) ?? ""
    for line in mounts.split(separator: "\n").reversed() {
        let fields = line.split(separator: " ")
        if fields.count > 1, fields[1].hasPrefix("\(directory)/") { _ = umount2(String(fields[1]), CInt(MNT_DETACH)) }
    }
}
