import FileSystem
import FoundationEssentials
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// A model file given as it is, without an archive around it: its images say what the model says, to the last bit.
    @Suite struct SingleFiles {
        private struct Expected: Decodable {
            var rows: [[Double]]
            var predictions: [String: [Double]]
        }

        @Test func imagesPredictWhatTheModelPredicts() async throws {
            let world = try World.current
            try await withTemporaryDirectory(in: world.directory) { directory in
                let python = try await command(
                    "\(Project.root)/scripts/python-environment",
                    ["serving-tests", "\(Project.root)/Tests/ServingTests/requirements.txt"]
                ).succeeded().line
                try await command(python, ["-B", "\(Project.root)/Tests/Fixtures/single_files.py", directory.string])
                    .succeeded()
                let expected = try CanonicalJSON.decode(
                    Expected.self,
                    from: Data(directory.appending("expected.json").readAll())
                )
                #expect(expected.rows.count == 20 && expected.predictions.count == 4)
                for (file, predictions) in expected.predictions.sorted(by: { $0.key < $1.key }) {
                    try await expect(predictions, of: directory.appending(file), for: expected.rows)
                }
            }
        }

        /// Builds both images of a file and asks them: one over HTTP, one on the command line, at the same time.
        private func expect(_ predictions: [Double], of file: FilePath, for rows: [[Double]]) async throws {
            let world = try World.current
            let name = "single-\(file.extension ?? "")"
            try await world.packager(
                "build",
                file.string,
                "--integration",
                "docker-rest,docker-cli",
                "--tag",
                "\(world.registry.host)/\(name)-{{ Integration }}:1",
                "--base",
                world.base
            ).succeeded()
            let request: JSONValue = ["data": .array(rows.map { .array($0.map { .number($0) }) })]
            let body = String(decoding: try CanonicalJSON.encode(request), as: UTF8.self)

            let flags = ["run", "--rm", "--interactive", "--network", "none", "--read-only", "--user", "54321:54321"]
            async let written = world.engine.docker(
                flags + ["\(world.registry.host)/\(name)-cli:1", "predict", "-", "-"],
                input: body
            )
            let image = "\(world.registry.host)/\(name)-rest:1"
            let bind = ["--bind", "127.0.0.1:\(world.servingPort)"]
            let served = try await world.engine.withContainer(of: image, flags: bind) { container in
                try await world.served.waitUntilReady()
                #expect(try await container.owner.user == 65_532)
                return try await http("POST", "\(world.served.url)/api/model/invoke", json: request).json()
            }
            #expect(try numbers(in: served) == predictions, "\(file)")
            #expect(try numbers(in: await written.json) == predictions, "\(file)")
        }

        /// The predictions of an answer, alone or in lists of one.
        private func numbers(in answer: JSONValue) throws -> [Double] {
            guard let values = answer["prediction"]?.arrayValue else {
                throw EndToEndError("no predictions: \(answer)")
            }
            return try values.map { value in
                switch value[0] ?? value {
                case .number(let number): return number
                case .integer(let number): return Double(number)
                default: throw EndToEndError("no number: \(value)")
                }
            }
        }
    }
}
