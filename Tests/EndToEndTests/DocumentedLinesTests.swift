import FileSystem
import FoundationEssentials
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// What a reader of the documentation types, as it stands there.
    @Suite struct DocumentedLines {
        private let world: World
        private let directory: FilePath

        init() throws {
            world = try World.current
            directory = world.directory.appending("documented")
        }

        /// Members whose values are the same for every reader.
        private static let fixed: Set = [
            "name", "version", "defaultVersion", "versions", "description", "kind", "inspection", "message",
        ]

        @Test func ofArtifacts() async throws {
            try directory.createDirectories()
            for (source, name) in [(world.gppi.artifact, "wine.zip"), (world.retrained.artifact, "wine-retrained.zip")]
            {
                try await command("cp", [source.string, directory.appending(name).string]).succeeded()
            }
            let blocks = try Fence.all(in: Project.root.appending("docs/artifacts.md"))
            try #require(blocks.filter { $0.language == "sh" }.count >= 11)
            let data = directory.appending("data")
            let log = directory.appending("server.log")
            try await withPackagerServer(data: data, port: world.sparePort, log: log) { server in
                var output = ""
                for block in blocks {
                    if block.language == "sh" {
                        output = try await run(block.text, server)
                    } else {
                        try expect(output, isLike: block.text)
                    }
                }
                let left = try await http("GET", "\(server.url)/artifact").json()
                #expect(left == [])
            }
        }

        /// - Returns: what the lines say.
        private func run(_ lines: String, _ server: PackagerServer) async throws -> String {
            let program = Project.packager.removingLastComponent()
            let script = """
                set -e
                cd '\(directory)'
                PATH='\(program)':$PATH
                curl() { command curl --fail-with-body --silent --show-error --noproxy '*' "$@"; }
                \(lines.replacing("http://127.0.0.1:5080", with: server.url))
                """
            return try await command("bash", ["-c", script], environment: ["PACKAGER_URL": server.url])
                .succeeded().output
        }

        private func expect(_ output: String, isLike documented: String) throws {
            let actual: JSONValue = try CanonicalJSON.decode(from: Data(output.utf8))
            let expected: JSONValue = try CanonicalJSON.decode(from: Data(documented.utf8))
            let actuals = actual.arrayValue ?? [actual]
            let expecteds = expected.arrayValue ?? [expected]
            try #require(actuals.count == expecteds.count, "\(output)")
            for (actual, expected) in zip(actuals, expecteds) {
                for (name, value) in expected.objectValue ?? [:] {
                    let isSame = Self.fixed.contains(name) ? actual[name] == value : actual[name] != nil
                    #expect(isSame, "\(name) is documented as \(value): \(output)")
                    for member in value.objectValue ?? [:] {
                        #expect(actual[name]?[member.key] != nil, "\(name).\(member.key): \(output)")
                    }
                }
            }
        }
    }
}

/// A fenced block of Markdown.
private struct Fence {
    var language: String
    var text: String

    static func all(in file: FilePath) throws -> [Fence] {
        var fences: [Fence] = []
        var open: Fence?
        for line in String(decoding: try file.readAll(), as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        ) {
            guard line.hasPrefix("```") else {
                open?.text += line + "\n"
                continue
            }
            if let ended = open { fences.append(ended) }
            open = open == nil ? Fence(language: String(line.dropFirst(3)), text: "") : nil
        }
        return fences
    }
}
