import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// What is in the registry already does not go there again.
    @Suite struct Repackaging {
        @Test func anotherNameUploadsNoBlobTwice() async throws {
            let world = try World.current
            let first = try await world.server.package(world.packaging("first"))
            let second = try await world.server.package(world.packaging("second", image: "elsewhere/second:2"))
            #expect(try await contents(of: second) == contents(of: first))

            let uploads = try world.registry.uploads(to: "elsewhere/second")
            #expect(uploads.blobs == [])
            #expect(uploads.manifests == 1)
        }

        @Test func retrainedModelUploadsItsOwnLayerAndConfiguration() async throws {
            let world = try World.current
            let before = try await world.server.package(world.packaging("before", image: "wine-series:1"))
            let uploadsBefore = try world.registry.uploads(to: "wine-series")
            let after = try await world.server.package(
                world.packaging("after", artifact: "wine-retrained.zip", image: "wine-series:2")
            )
            let uploads = try world.registry.uploads(to: "wine-series")

            let (old, new) = (try await contents(of: before), try await contents(of: after))
            #expect(new.layers.count == old.layers.count)
            let changed = new.layers.filter { !old.layers.contains($0) }
            #expect(changed.count == 1)
            #expect(Set(uploads.blobs.dropFirst(uploadsBefore.blobs.count)) == Set(changed + [new.configuration]))
            #expect(uploads.blobs.count == uploadsBefore.blobs.count + 2)
            #expect(uploads.manifests == uploadsBefore.manifests + 1)
        }

        @Test func jobsOfOneArtifactAtTheSameTimeUploadWhatTheyShareOnce() async throws {
            let world = try World.current
            let model = try await WineModel.train(
                .gppi,
                seed: 3,
                into: world.directory,
                python: WineModel.environment()
            )
            try await world.server.upload(model.artifact, as: "wine-together.zip")
            let names = ["together-1", "together-2", "together-3"]
            let images = try await withThrowingTaskGroup(of: PackagedImage.self) { group in
                for (number, name) in names.enumerated() {
                    var packaging = world.packaging(name, artifact: "wine-together.zip")
                    packaging.port = 6001 + number
                    group.addTask { [packaging] in try await world.server.package(packaging) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            var contents: [Contents] = []
            for image in images { contents.append(try await self.contents(of: image)) }
            #expect(Set(contents.map(\.layers)).count == 1)
            #expect(Set(contents.map(\.configuration)).count == 3)
            let uploads = try names.flatMap { try world.registry.uploads(to: $0).blobs }
            #expect(Set(uploads).count == uploads.count)
            // Of each image its configuration, and of one of them the model.
            #expect(uploads.count >= 4)
        }

        private struct Contents: Equatable {
            var configuration: String
            var layers: [String]
        }

        /// The digests in an image's manifest, as another client reads them.
        private func contents(of image: PackagedImage) async throws -> Contents {
            let manifest = try await skopeo("inspect", "--raw", "docker://\(image.pinned)").json
            guard let configuration = manifest["config"]?["digest"]?.stringValue,
                let layers = manifest["layers"]?.arrayValue?.compactMap({ $0["digest"]?.stringValue })
            else { throw EndToEndError("not a manifest: \(manifest)") }
            return Contents(configuration: configuration, layers: layers)
        }
    }
}

/// Skopeo on the tests' registry.
func skopeo(_ verb: String, _ arguments: String...) async throws -> CommandResult {
    let world = try World.current
    let access = [
        verb == "copy" ? "--src-tls-verify=false" : "--tls-verify=false",
        "--authfile", world.registry.credentials.appending("config.json").string,
    ]
    return try await command("skopeo", ["--insecure-policy", verb] + access + arguments).succeeded()
}
