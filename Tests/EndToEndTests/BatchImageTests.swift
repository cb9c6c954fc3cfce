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
            let image = try await packaged(id, artifact: artifact, by: "docker-cli")
            try await world.engine.docker("pull", image.pinned)

            let volume = world.directory.appending("volume-\(id)")
            try volume.createDirectories()
            try volume.appending("predicts.json").writeAtomically(CanonicalJSON.encode(model.invocation))
            let denied = await #expect(throws: EndToEndError.self) {
                try await run(image, volume: volume, "predict", "/volume/predicts.json", "/volume")
            }
            #expect(denied?.description.contains("user 65532 may not write to /volume") == true)

            try await command("chmod", ["0777", volume.string]).succeeded()
            let said = try await run(image, volume: volume, "predict", "/volume/predicts.json", "/volume")
            #expect(said == "Prediction is successful. Result file: /volume/results.json\n")
            let results = try volume.appending("results.json").readAll()
            #expect(try predictions(in: CanonicalJSON.decode(from: Data(results))) == model.predictions)

            let table = ([model.columns] + model.rows.map { $0.map { "\($0)" } }).map { $0.joined(separator: ",") }
            try volume.appending("table.csv").write(table.joined(separator: "\n") + "\n")
            let piped = try await run(image, volume: volume, "predict", "/volume/table.csv", "-", "--batch-size", "7")
            #expect(try predictions(in: CanonicalJSON.decode(from: Data(piped.utf8))) == model.predictions)

            let info = try await run(image, volume: volume, "info")
            #expect(info.hasPrefix("Input schema:\n{\n    \"columns\": {"))
            #expect(model.columns.allSatisfy { info.contains("\"\($0)\"") })
            #expect(try await run(image, volume: volume, "self_check") == "Self-check is successful\n")
            #expect(try await run(image, volume: volume, "--help").contains("predict"))
        }

        @Test func secondImageOfAnArtifactUploadsItsOwnWrapper() async throws {
            let world = try World.current
            let rest = try await layers(of: packaged("two-rest", by: "docker-rest"))
            let cli = try await layers(of: packaged("two-cli", by: "docker-cli"))
            #expect(cli.count == rest.count)
            let own = cli.filter { layer in !rest.contains { $0.digest == layer.digest } }
            #expect(own.count == 1)

            let uploads = try world.registry.uploads(to: "two-cli")
            // Besides the wrapper there is the configuration; both are mounted where an earlier test has uploaded them.
            #expect(uploads.blobs.count <= 2)
            #expect(uploads.blobs.allSatisfy { blob in !rest.contains { $0.digest == blob } })
            #expect(own.reduce(0) { $0 + $1.size } < 20_000)
            #expect(uploads.manifests == 1)
        }

        private func packaged(
            _ id: String,
            artifact: String = "wine.zip",
            by integration: String
        ) async throws -> PackagedImage {
            let world = try World.current
            var packaging = world.packaging(id, artifact: artifact)
            packaging.integration = integration
            return try await world.server.package(packaging)
        }

        /// What the image prints, run read-only, without a network, as its own user.
        private func run(_ image: PackagedImage, volume: FilePath, _ arguments: String...) async throws -> String {
            let engine = try World.current.engine
            let flags = ["run", "--rm", "--network", "none", "--read-only", "--volume", "\(volume):/volume"]
            return try await engine.docker(flags + [image.pinned] + arguments).output
        }

        private func predictions(in results: JSONValue) throws -> [Int64] {
            let numbers = results["prediction"]?.arrayValue?.map { $0.integerValue ?? $0[0]?.integerValue }
            guard let numbers, !numbers.contains(nil) else { throw EndToEndError("no predictions in \(results)") }
            return numbers.compactMap(\.self)
        }

        private func layers(of image: PackagedImage) async throws -> [(digest: String, size: Int64)] {
            let manifest = try await skopeo("inspect", "--raw", "docker://\(image.pinned)").json
            return (manifest["layers"]?.arrayValue ?? []).compactMap { layer in
                guard let digest = layer["digest"]?.stringValue, let size = layer["size"]?.integerValue else {
                    return nil
                }
                return (digest, size)
            }
        }
    }
}
