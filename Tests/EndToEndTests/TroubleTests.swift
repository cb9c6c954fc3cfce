import FileSystem
import JSON
import SystemPackage
import Testing

/// A request that cannot succeed.
struct Trouble: Sendable, CustomTestStringConvertible {
    var name: String
    /// The words without which a user cannot tell what is wrong.
    var words: @Sendable (World) -> [String]
    /// What is different from a packaging in order.
    var change: @Sendable (inout Packaging, World) -> Void

    var testDescription: String { name }

    static let all: [Trouble] = [
        Trouble(name: "no such artifact", words: { _ in ["nothing.zip"] }) { packaging, _ in
            packaging.artifact = "nothing.zip"
        },
        Trouble(name: "no such connection", words: { _ in ["nowhere"] }) { packaging, _ in
            packaging.connection = "nowhere"
        },
        Trouble(name: "no such base image", words: { ["\($0.registry.host)/no/base"] }) { packaging, world in
            packaging.base = "\(world.registry.host)/no/base:1"
        },
        Trouble(name: "invalid image name", words: { _ in ["WINE"] }) { packaging, _ in
            packaging.image = "WINE wine:1"
        },
        Trouble(name: "not an archive", words: { _ in ["text.zip"] }) { packaging, _ in
            packaging.artifact = "text.zip"
        },
        Trouble(name: "no model in it", words: { _ in ["empty.zip"] }) { packaging, _ in
            packaging.artifact = "empty.zip"
        },
        Trouble(name: "registry that is down", words: { ["127.0.0.1:\($0.deadPort)"] }) { packaging, world in
            packaging.base = World.baseName
            packaging.connection = "down"
        },
        Trouble(name: "wrong password", words: { [$0.registry.host] }) { packaging, _ in
            packaging.base = World.baseName
            packaging.connection = "refused"
        },
    ]
}

extension EndToEnd {
    /// What cannot work is told in one sentence, before the job where it can be known, and nothing is left of it.
    @Suite struct Troubles {
        @Test(arguments: Trouble.all)
        func isToldClearly(trouble: Trouble) async throws {
            let world = try World.current
            try await prepare(world)
            var packaging = world.packaging("trouble-\(trouble.name.replacing(" ", with: "-"))")
            trouble.change(&packaging, world)

            let answer = try await world.server.post(packaging)
            let message: String
            if answer.status == 400 {
                message = answer.body
                #expect(try await http("GET", "\(world.server.url)/packaging/\(packaging.id)").status == 404)
            } else {
                _ = try answer.json()
                let status = try await world.server.outcome(of: packaging.id, within: .seconds(120))
                #expect(status["state"] == "failed")
                message = status["message"]?.stringValue ?? ""
                let log = try await world.server.log(of: packaging.id)
                #expect(log.contains(message.prefix(40)), "\(message)\n\(log)")
            }
            for word in trouble.words(world) { #expect(message.contains(word), "\(message)") }
            #expect(!message.contains("not the password"))
            #expect(message.count < 600, "\(message)")
            let ingest = world.server.data.appending("store/ingest")
            if ingest.exists { #expect(try ingest.entries() == []) }
        }

        /// The artifacts and connections that the troubles are made of; once they are there, they stay.
        private func prepare(_ world: World) async throws {
            guard try await http("GET", "\(world.server.url)/connection/down").status == 404 else { return }
            let text = world.directory.appending("text")
            try text.write("This is no archive.\n")
            try await world.server.upload(text, as: "text.zip")
            let empty = world.directory.appending("empty.tar")
            try await command("tar", ["--create", "--file", empty.string, "--directory", "/etc", "hostname"])
                .succeeded()
            try await world.server.upload(empty, as: "empty.zip")
            try await world.server.createConnection(
                "refused",
                to: world.registry.host,
                password: "not the password"
            )
            try await world.server.createConnection("down", to: "127.0.0.1:\(world.deadPort)")
        }
    }
}
