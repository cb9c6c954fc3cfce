import FileSystem
import FoundationEssentials
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// ODAHU's own client against this server and against an image that it made.
    @Suite struct ODAHUClientTests {
        private let world: World
        private let directory: FilePath

        init() throws {
            world = try World.current
            directory = world.directory.appending("odahu")
        }

        /// From login to a prediction and back to nothing, in a session of the client's.
        @Test func aSessionOfTheRealClient() async throws {
            try directory.createDirectories()
            let client = try await ODAHUClient(in: directory)
            try writeManifests()
            let login = try await client.run("login", "--url", world.server.url, "--token", "any")
            #expect(login.line == "Success! Credentials have been saved.", "\(login)")

            try await entities(client)
            let image = try await packagings(client)
            try await model(client, image)
            try await end(client)
        }

        private func entities(_ client: ODAHUClient) async throws {
            let path = directory.string
            let answers = try await client.run(all: [
                "bulk apply \(path)/all.yaml",
                "conn get --id odahu-ci -o json",
                "conn get --id odahu-ci --decrypted -o jsonpath=$[0].spec.password",
                "conn get -o table",
                "conn create -f \(path)/connection.json",
                "conn edit -f \(path)/connection.json -o jsonpath=$[0].spec.uri",
                "conn get --id absent",
                "pi get -o jsonpath=[*].id",
                "pi get --id odahu-rest -o yaml",
                "pi edit -f \(path)/integration.json -o jsonpath=$[0].spec.defaultImage",
                "pi delete --id odahu-rest",
                "pi create -f \(path)/integration.json -o json",
                "pack create --no-wait -f \(path)/invalid.json",
            ])
            guard answers.count == 13 else { throw EndToEndError("\(answers)") }
            // A kind that is none of ours stops nothing else.
            #expect(answers[0].status == 1)
            #expect(
                answers[0].output.contains(
                    "created resources: 2 (Connection odahu-ci, PackagingIntegration odahu-rest)"
                ),
                "\(answers[0])"
            )
            #expect(answers[0].output.contains("Can not update resource #2. mlflow: Got error from server:"))

            let connection = try answers[1].json[0]
            #expect(connection?["kind"] == "Connection" && connection?["spec"]?["password"] == "*****")
            #expect(answers[2].line == Self.base64(TestRegistry.password))
            #expect(answers[3].output.contains("+=") && answers[3].output.contains("| Connecti"))
            #expect(answers[4].status == 1)
            #expect(answers[4].output.contains("already exists"), "\(answers[4])")
            #expect(answers[5].line == world.registry.host, "\(answers[5])")
            #expect(answers[6].status == 1)
            #expect(
                answers[6].lines.first == "Error: Got error from server: entity \"absent\" is not found (status: 404)"
            )

            #expect(answers[7].output.contains("docker-rest") && answers[7].output.contains("odahu-rest"))
            #expect(
                answers[8].output.contains("id: odahu-rest") && answers[8].output.contains("defaultImage: built-in")
            )
            #expect(answers[9].line == "built-in", "\(answers[9])")
            #expect(answers[10].line == "{'message': 'Packaging integration odahu-rest was deleted'}")
            #expect(try answers[11].json[0]?["id"] == "odahu-rest")
            #expect(answers[12].status == 1)
            #expect(
                answers[12].output.contains(
                    "Validation of model packaging is failed: empty artifactName; empty integrationName (status: 400)"
                ),
                "\(answers[12])"
            )
        }

        /// - Returns: the image's reference.
        private func packagings(_ client: ODAHUClient) async throws -> String {
            let path = directory.string
            let answers = try await client.run(all: [
                "pack create -f \(path)/pack.json",
                "pack create -f \(path)/pack.json --ignore-if-exists",
                "pack create -f \(path)/pack.json",
                "pack get --id odahu-wine -o jsonpath=$[0].status.results[0].value",
                "pack get --id odahu-wine -o json",
                "pack get --id odahu-wine",
                // Of packagings with other arguments the client cannot make one table.
                "pack get --id odahu-wine -o table",
                "pack logs --id odahu-wine",
                "pack logs --id odahu-wine --not-follow",
                "pack edit -f \(path)/pack.json --timeout 1",
                "pack create -f \(path)/failing.json",
                "pack edit -f \(path)/unknown.json --no-wait",
            ])
            guard answers.count == 12 else { throw EndToEndError("\(answers)") }
            #expect(answers[0].status == 0, "\(answers[0])")
            #expect(answers[0].output.hasPrefix("Start packing: "))
            #expect(answers[0].lines.contains("Logs streaming..."))
            #expect(answers[0].output.contains("INFO") && answers[0].output.contains("sha256:"))
            #expect(answers[0].lines.last?.hasPrefix("Model odahu-wine was packed. Packaging took ") == true)
            #expect(answers[1].status == 0 && answers[1].line == "Packaging already exists")
            #expect(answers[2].status == 1 && answers[2].output.contains("already exists"))
            #expect(answers[3].line == "\(world.registry.host)/odahu-wine:1", "\(answers[3])")
            let packaging = try answers[4].json[0]
            #expect(packaging?["kind"] == "ModelPackaging" && packaging?["status"]?["state"] == "succeeded")
            #expect(answers[5].output.contains("artifactName: wine.zip"))
            #expect(answers[6].output.contains("odahu"))
            #expect(answers[7].status == 0 && answers[7].output.contains("INFO"), "\(answers[7])")
            #expect(answers[8].output == answers[7].output)
            // The client looks at the clock only between two streams of the log.
            #expect(answers[9].status == 1)
            #expect(answers[9].lines.contains("Error: Time out: operation has not been confirmed"), "\(answers[9])")
            #expect(answers[10].status == 1)
            #expect(answers[10].lines.contains("Error: Model packaging odahu-failing was failed."), "\(answers[10])")
            #expect(answers[11].status == 1)
            #expect(answers[11].output.contains("entity \"odahu-unknown\" is not found (status: 404)"))
            return answers[3].line
        }

        private func model(_ client: ODAHUClient, _ image: String) async throws {
            let request = directory.appending("request.json")
            try request.writeAtomically(CanonicalJSON.encode(world.gppi.invocation))
            let served = world.served
            let model = world.gppi
            try await world.engine.withContainer(of: image) { _ in
                try await served.waitUntilReady()
                let place = "--base-url \(served.url) --url-prefix /."
                let answers = try await client.run(all: [
                    "model info \(place)", "model invoke \(place) --json-file \(request)",
                    "model invoke \(place) --json {}",
                ])
                guard answers.count == 3 else { throw EndToEndError("\(answers)") }
                #expect(answers[0].output.contains("'swagger': '2.0'"), "\(answers[0])")
                let predictions = try answers[1].json["prediction"]?.arrayValue?.compactMap {
                    $0.integerValue ?? $0[0]?.integerValue
                }
                #expect(predictions == model.predictions, "\(answers[1])")
                #expect(answers[2].status == 1 && answers[2].output.contains("Error"), "\(answers[2])")
            }
        }

        private func end(_ client: ODAHUClient) async throws {
            let answers = try await client.run(all: [
                "pack delete --id odahu-wine",
                "pack delete --id odahu-wine",
                "pack delete --id odahu-wine --ignore-not-found",
                "pack delete -f \(directory)/failing.json",
                "bulk delete \(directory)/all.yaml",
                "conn get --id odahu-ci",
                "logout",
            ])
            guard answers.count == 7 else { throw EndToEndError("\(answers)") }
            #expect(answers[0].line == "Model packaging odahu-wine was deleted")
            #expect(answers[1].status == 1 && answers[1].output.contains("(status: 404)"))
            #expect(answers[2].line == "ModelPackaging odahu-wine was not found. Ignore")
            #expect(answers[3].line == "Model packaging odahu-failing was deleted")
            #expect(
                answers[4].output.contains(
                    "removed resources: 2 (Connection odahu-ci, PackagingIntegration odahu-rest)"
                ),
                "\(answers[4])"
            )
            #expect(answers[5].status == 1)
            #expect(answers[6].line == "All authorization credentials have been removed")
        }

        private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

        /// What the session applies; the packagings are for the wine model.
        private func writeManifests() throws {
            let connection: JSONValue = [
                "kind": "Connection", "id": "odahu-ci",
                "spec": [
                    "type": "docker", "uri": .string(world.registry.host), "username": .string(TestRegistry.username),
                    "password": .string(Self.base64(TestRegistry.password)),
                ],
            ]
            let integration: JSONValue = [
                "kind": "PackagingIntegration", "id": "odahu-rest",
                "spec": [
                    "entrypoint": "built-in", "defaultImage": "built-in",
                    "schema": ["targets": [], "arguments": ["properties": []]],
                ],
            ]
            let training: JSONValue = [
                "kind": "ToolchainIntegration", "id": "mlflow", "spec": ["entrypoint": "/x", "defaultImage": "y"],
            ]
            var failing = world.packaging("odahu-failing")
            failing.base = "127.0.0.1:\(world.deadPort)/none:1"
            var packaging = world.packaging("odahu-wine")
            packaging.connection = "odahu-ci"
            let files: [(String, JSONValue)] = [
                ("connection.json", connection), ("integration.json", integration),
                ("pack.json", Self.manifest(packaging.json)),
                ("failing.json", Self.manifest(failing.json)),
                ("unknown.json", Self.manifest(world.packaging("odahu-unknown").json)),
                ("invalid.json", ["kind": "ModelPackaging", "id": "odahu-invalid", "spec": [:]]),
            ]
            for (name, value) in files { try directory.appending(name).writeAtomically(CanonicalJSON.encode(value)) }
            // JSON documents are YAML, too.
            let documents = try [connection, training, integration].map {
                String(decoding: try CanonicalJSON.encode($0), as: UTF8.self)
            }
            try directory.appending("all.yaml").writeAtomically(documents.joined(separator: "\n---\n").utf8)
        }

        private static func manifest(_ packaging: JSONValue) -> JSONValue {
            var members = packaging.objectValue ?? [:]
            members["kind"] = "ModelPackaging"
            return .object(members)
        }
    }
}
