import JSON
import Testing

extension EndToEnd {
    /// An artifact goes in through the API, an image comes out, and it predicts what the model predicts.
    @Suite struct Corridor {
        /// Read-only, as the image's own user and as one that the image does not know.
        @Test(
            arguments: [("wine", "wine.zip", nil), ("wine-mlflow", "wine-mlflow.zip", 12_345)]
                as [(String, String, Int?)]
        )
        func imagePredictsWhatTheModelPredicts(id: String, artifact: String, user: Int?) async throws {
            let world = try World.current
            let model = id == "wine" ? world.gppi : world.mlflow
            let image = try await world.server.package(world.packaging(id, artifact: artifact))
            #expect(image.reference == "\(world.registry.host)/\(id):1")

            try await world.engine.docker("pull", image.pinned)
            #expect(model.rows.count == 20)
            try await world.engine.withContainer(of: image.pinned, as: user) { container in
                try await world.served.waitUntilReady()
                let owner = try await container.owner
                #expect(owner.user == user ?? 65_532 && owner.group == user ?? 65_532)
                #expect(try await world.served.invoke(model) == model.predictions)
                #expect(try await world.served.infer(model) == model.predictions)
            }
        }

        @Test func everyStepIsInTheLog() async throws {
            let world = try World.current
            _ = try await world.server.package(world.packaging("logged"))
            let log = try await world.server.log(of: "logged")
            for subject in ["wine.zip", world.base, "logged:1", "sha256:"] {
                #expect(log.contains(subject), "\(log)")
            }
            #expect(!log.contains(TestRegistry.password))
        }

        @Test func serversOwnStoreIsReadable() async throws {
            let world = try World.current
            let image = try await world.packageIntoOwnStore("own-store")
            let host = world.server.url.dropFirst("http://".count)
            let pulled = try await world.engine.docker("pull", "\(host)/own-store@\(image.digest)")
            #expect(pulled.output.contains(image.digest))
        }
    }
}
