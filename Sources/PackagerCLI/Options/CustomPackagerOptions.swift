import ArgumentParser
import Containers
import DockerEngine
import Foundation
import PackagerCore
import Transfer

/// What integrations with images of their own run in.
struct CustomPackagerOptions: ParsableArguments {
    @Option(name: .long, help: Setting.customPackagers.help)
    var customPackagers: String?

    @Option(name: .long, help: Setting.customPackagerTimeout.help)
    var customPackagerTimeout: Int?

    @Flag(name: .long, help: Setting.allowPrivilegedPackagers.help)
    var allowPrivilegedPackagers = false
}

/// What was chosen to run them in, and by which rules.
struct CustomPackagerChoice: Sendable {
    enum Runtime: Sendable {
        case docker(EngineAddress)
        case program(RuntimeProgram)
    }

    var runtime: Runtime
    var policy: CustomPackagerPolicy
    var timeout: Duration

    func runtime(
        network: String?,
        directory: StateDirectory,
        http: HTTPClient
    ) throws -> any ContainerRuntime {
        switch runtime {
        case .docker(let address):
            DockerRuntime(
                DockerEngine(address, over: http),
                network: network,
                instance: try directory.instance(),
                work: directory.work
            )
        case .program(let program): NativeRuntime(program, network: network, work: directory.containers)
        }
    }
}

extension CustomPackagerOptions {
    /// What was asked for; nil for none.
    ///
    /// - Parameter engine: the one that was named.
    /// - Throws: `ValidationError` for what there is not.
    func choice(engine: EngineAddress?) throws -> CustomPackagerChoice? {
        guard let name = customPackagers ?? Setting.customPackagers.value, name != "none" else { return nil }
        return try choice(of: runtime(name, engine))
    }

    /// What was asked for; or else what a user's own command finds: an engine, `crun`, `runc`.
    ///
    /// - Parameter isNamed: whether an engine was named, or is where one would be.
    func usersChoice(engine: EngineAddress, isNamed: Bool) throws -> CustomPackagerChoice? {
        if customPackagers ?? Setting.customPackagers.value != nil { return try choice(engine: engine) }
        if isNamed { return try choice(of: .docker(engine)) }
        let program = ["crun", "runc"].lazy.compactMap { RuntimeProgram(named: $0, on: Self.searchPath) }.first
        return try program.map { try choice(of: .program($0)) }
    }

    private func runtime(_ name: String, _ engine: EngineAddress?) throws -> CustomPackagerChoice.Runtime {
        if name == "docker" {
            guard let engine else {
                throw ValidationError("--custom-packagers docker needs a Docker engine: name one with --docker-host")
            }
            return .docker(engine)
        }
        guard let program = RuntimeProgram(named: name, on: Self.searchPath) else {
            throw ValidationError(
                "--custom-packagers is docker, none, or crun, runc or the path of such a program; there is no program \"\(name)\""
            )
        }
        return .program(program)
    }

    private func choice(of runtime: CustomPackagerChoice.Runtime) throws -> CustomPackagerChoice {
        let seconds = try customPackagerTimeout ?? Setting.customPackagerTimeout.parsed() ?? 14_400
        guard (1...31_536_000).contains(seconds) else {
            throw ValidationError("--custom-packager-timeout is \(seconds); it is a number of seconds above zero")
        }
        let allowsPrivileged =
            try allowPrivilegedPackagers || Setting.allowPrivilegedPackagers.parsed() ?? false
        return CustomPackagerChoice(
            runtime: runtime,
            policy: CustomPackagerPolicy(isAllowed: true, allowsPrivileged: allowsPrivileged),
            timeout: .seconds(seconds)
        )
    }

    /// Where Debian puts `runc` is on the path of administrators only.
    private static var searchPath: String {
        (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin"
    }
}
