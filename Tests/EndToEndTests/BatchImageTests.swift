import FileSystem
import FoundationEssentials
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// The command line of docker-cli, as ODAHU's documents walk through it.
    @Suite struct BatchImage {
        @Test(arguments: [("batch-gppi", "wine.zip"), ("batch-mlflow", "wine-mlflow.zip")])
        func predictsFilesAsTheModelDoes(id: String, artifact: String) async throws {
            let world = try World.current
            let model = artifact == "wine.zip" ? world.gppi : world.mlflow
            #expect(model.rows.count == 20)
            var packaging = world.packaging(id, artifact: artifact)
            packaging.integration = "docker-cli"
            let image = try await world.server.package(packaging)
            try await world.engine.docker("pull", image.pinned)

            let volume = world.directory.appending("volume-\(id)")
            try volume.createDirectories()
            try volume.appending("predicts.json").writeAtomically(CanonicalJSON.encode(model.invocation))
            let denied = await #expect(throws: EndToEndError.self) {
                try await run(image, volume: volume, "predict", "/volume/predicts.json", "/volume")
            }
            #expect(denied?.description.contains("user 65532 may not write to /volume") == true)

            // Each loads the model, which takes a processor some seconds: side by side.
            try await command("chmod", ["0777", volume.string]).succeeded()
            let table = ([model.columns] + model.rows.map { $0.map { "\($0)" } }).map { $0.joined(separator: ",") }
            async let said = run(image, volume: volume, "predict", "/volume/predicts.json", "/volume")
            async let piped = run(
                image,
                volume: volume,
                input: table.joined(separator: "\n") + "\n",
                "predict",
                "-",
                "-",
                "--batch-size",
                "7"
            )
            async let owned = predictionsOfAnotherUser(image, of: model)
            async let info = run(image, volume: volume, "info")
            async let check = run(image, volume: volume, "self_check")
            async let help = run(image, volume: volume, "--help")

            #expect(try await said == "Prediction is successful. Result file: /volume/results.json\n")
            let results = try volume.appending("results.json").readAll()
            #expect(try predictions(in: CanonicalJSON.decode(from: Data(results))) == model.predictions)
            #expect(try predictions(in: CanonicalJSON.decode(from: Data(await piped.utf8))) == model.predictions)
            #expect(try await owned == model.predictions)
            let schema = try await info
            #expect(schema.hasPrefix("Input schema:\n{\n    \"columns\": {"))
            #expect(model.columns.allSatisfy { schema.contains("\"\($0)\"") })
            #expect(try await check == "Self-check is successful\n")
            #expect(try await help.contains("predict"))
        }

        /// With `--user` as the message of a directory that takes no files says: a number that the image does not know.
        private func predictionsOfAnotherUser(_ image: PackagedImage, of model: WineModel) async throws -> [Int64] {
            let user = "12345"
            return try await withTemporaryDirectory(in: World.current.directory) { volume in
                try volume.appending("predicts.json").writeAtomically(CanonicalJSON.encode(model.invocation))
                try await command("chown", ["--recursive", "\(user):\(user)", volume.string]).succeeded()
                try await command("chmod", ["0700", volume.string]).succeeded()
                _ = try await run(
                    image,
                    volume: volume,
                    user: "\(user):\(user)",
                    "predict",
                    "/volume/predicts.json",
                    "/volume"
                )
                let results = volume.appending("results.json")
                #expect(try await command("stat", ["--format", "%u:%g", results.string]).line == "\(user):\(user)")
                return try predictions(in: CanonicalJSON.decode(from: Data(results.readAll())))
            }
        }

        /// What the image prints, run read-only, without a network, as its own user or another one.
        private func run(
            _ image: PackagedImage,
            volume: FilePath,
            user: String? = nil,
            input: String = "",
            _ arguments: String...
        ) async throws -> String {
            let engine = try World.current.engine
            let flags = ["--rm", "--interactive", "--network", "none", "--read-only", "--volume", "\(volume):/volume"]
            let owner = user.map { ["--user", $0] } ?? []
            return try await engine.docker(["run"] + flags + owner + [image.pinned] + arguments, input: input).output
        }

        private func predictions(in results: JSONValue) throws -> [Int64] {
            let numbers = results["prediction"]?.arrayValue?.map { $0.integerValue ?? $0[0]?.integerValue }
            guard let numbers, !numbers.contains(nil) else { throw EndToEndError("no predictions in \(results)") }
            return numbers.compactMap(\.self)
        }
    }
}
