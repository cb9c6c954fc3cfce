import ArgumentParser
import Containers
import DockerEngine
import PackagerCore
import SystemPackage
import Testing

@testable import PackagerCLI

@Suite struct CustomPackagerOptionsTests {
    private func choice(_ arguments: [String], engine: EngineAddress? = nil) throws -> CustomPackagerChoice? {
        try CustomPackagerOptions.parse(arguments).choice(engine: engine)
    }

    @Test func nothingIsRunThatWasNotAskedFor() throws {
        #expect(try choice([], engine: .default)?.policy == nil)
        #expect(try choice(["--custom-packagers", "none"], engine: .default)?.policy == nil)
    }

    @Test func whatWasAskedForIsTaken() throws {
        let docker = try #require(try choice(["--custom-packagers", "docker"], engine: .default))
        guard case .docker(.default) = docker.runtime else { throw CommandError("not Docker") }
        #expect(docker.policy == CustomPackagerPolicy(isAllowed: true, allowsPrivileged: false))
        #expect(docker.timeout == .seconds(14_400))
        let flags = ["--custom-packagers", "/bin/sh", "--allow-privileged-packagers", "--custom-packager-timeout", "5"]
        let program = try #require(try choice(flags))
        guard case .program(let found) = program.runtime else { throw CommandError("no program") }
        #expect(found.path == "/bin/sh")
        #expect(program.policy.allowsPrivileged && program.timeout == .seconds(5))
    }

    @Test(
        arguments: [
            (["docker"], "--docker-host"), (["/nowhere/crun"], "/nowhere/crun"),
            (["no-such-runtime"], "no-such-runtime"),
            (["/tmp"], "/tmp"), (["/bin/sh", "--custom-packager-timeout", "0"], "above zero"),
        ] as [([String], String)]
    )
    func whatThereIsNotIsRefused(arguments: [String], words: String) {
        let error = #expect(throws: ValidationError.self) { try choice(["--custom-packagers"] + arguments) }
        #expect(error?.message.contains(words) == true)
    }

    /// A user's own command takes the engine that there is, unless it is told otherwise.
    @Test func aUsersOwnCommandFindsWhatThereIs() throws {
        let choice = try CustomPackagerOptions.parse([]).usersChoice(engine: .default, isNamed: true)
        guard case .docker = choice?.runtime else { throw CommandError("not Docker") }
        let none = try CustomPackagerOptions.parse(["--custom-packagers", "none"])
        #expect(try none.usersChoice(engine: .default, isNamed: true)?.policy == nil)
    }
}
