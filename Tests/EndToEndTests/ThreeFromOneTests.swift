import FileSystem
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// REST, command line and Triton images of one artifact; the bytes are counted where they arrive.
    @Suite struct ThreeFromOne {
        private static let integrations = ["docker-rest", "docker-cli", "docker-triton"]
        /// More than what is an image's own: wrapper, links, configuration. Bytes.
        private static let ownLimit: Int64 = 64 << 10
        /// Weights are so much longer that they cannot hide in it.
        private static let weights = 16 * ownLimit

        @Test func oneCommandUploadsWhatTheyShareOnce() async throws {
            let world = try World.current
            try await withEmptyRegistry { registry, directory in
                let artifact = try await artifact(in: directory)
                let built =
                    try await command(
                        "packager",
                        [
                            "build", artifact.string, "--integration", Self.integrations.joined(separator: ","),
                            "--tag", "\(registry.host)/three-{{ Integration }}:1", "--base", World.baseName,
                            "--arg", "docker-triton:dockerfileBaseImage=\(World.baseName)", "--output", "json",
                        ],
                        environment: [
                            "PACKAGER_DATA": world.server.data.string, "DOCKER_CONFIG": registry.credentials.string,
                        ]
                    ).succeeded().json.arrayValue ?? []
                #expect(built.compactMap { $0["integration"]?.stringValue } == Self.integrations)
                let images = try built.map { try Image(document: $0) }
                let uploads = try expectNothingTwice(images, in: registry)
                // The report tells what the registry has seen.
                #expect(built.compactMap { $0["uploaded"]?["bytes"]?.integerValue } == uploads)
            }
        }

        @Test func jobsAtTheSameTimeUploadWhatTheyShareOnce() async throws {
            let world = try World.current
            try await withEmptyRegistry { registry, directory in
                let connection = "three-\(registry.port)"
                try await world.server.createConnection(connection, to: registry.host)
                try await world.server.upload(artifact(in: directory), as: "three.tar")
                let packaged = try await withThrowingTaskGroup(of: PackagedImage.self) { group in
                    for integration in Self.integrations {
                        var packaging = world.packaging("at-once-\(integration)", artifact: "three.tar")
                        packaging.integration = integration
                        packaging.base = World.baseName
                        packaging.connection = connection
                        group.addTask { [packaging] in try await world.server.package(packaging) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                var images: [Image] = []
                for image in packaged { images.append(try await Image(image, credentials: registry.credentials)) }
                try expectNothingTwice(images, in: registry)
            }
        }

        @Test func secondAndThirdImageUploadTheirOwnFewKilobytes() async throws {
            let world = try World.current
            var images: [Image] = []
            for integration in Self.integrations {
                var packaging = world.packaging("in-turn-\(integration)")
                packaging.integration = integration
                let image = try await world.server.package(packaging)
                images.append(try await Image(image, credentials: world.registry.credentials))
            }
            try expectSharedLayers(of: images)
            for image in images.dropFirst() {
                let uploads = try world.registry.uploads(to: image.repository)
                #expect(uploads.refused == 0 && uploads.manifests == 1)
                #expect(uploads.blobs.allSatisfy { blob in !images[0].layers.contains { $0.digest == blob } })
                #expect(try uploads.blobs.reduce(0) { try $0 + world.registry.size(of: $1) } < Self.ownLimit)
            }
        }

        /// What came to an empty registry is the largest image and, of the others, what is their own.
        ///
        /// - Returns: the bytes that came for each image.
        @discardableResult
        private func expectNothingTwice(_ images: [Image], in registry: TestRegistry) throws -> [Int64] {
            try expectSharedLayers(of: images)
            let uploads = try images.map { try registry.uploads(to: $0.repository) }
            #expect(uploads.allSatisfy { $0.refused == 0 && $0.manifests == 1 })
            let blobs = uploads.flatMap(\.blobs)
            #expect(Set(blobs).count == blobs.count)
            let bytes = try uploads.map { try $0.blobs.reduce(0) { try $0 + registry.size(of: $1) } }
            let largest = images.map(\.size).max() ?? 0
            #expect(bytes.reduce(0, +) >= largest && largest > Self.weights)
            #expect(bytes.reduce(0, +) < largest + Self.ownLimit)
            return bytes
        }

        private func expectSharedLayers(of images: [Image]) throws {
            #expect(images.count == Self.integrations.count)
            for image in images {
                let own = image.layers.filter { layer in
                    !images.allSatisfy { $0.layers.contains { $0.digest == layer.digest } }
                }
                #expect(!own.isEmpty && own.count < image.layers.count)
                #expect(own.reduce(0) { $0 + $1.size } < Self.ownLimit, "\(own)")
            }
        }

        private func artifact(in directory: FilePath) async throws -> FilePath {
            let weights = (0..<Self.weights).map { _ in UInt8.random(in: 0...255) }
            return try await SumsModel.archive(in: directory, as: "three.tar", weights: weights)
        }

        private func withEmptyRegistry(
            _ body: @Sendable (TestRegistry, FilePath) async throws -> Void
        ) async throws {
            let world = try World.current
            try await withTemporaryDirectory(in: world.directory) { directory in
                try await withRegistry(in: directory, port: world.sparePort) { try await body($0, directory) }
            }
        }

        /// An image as its registry has it.
        private struct Image: Sendable {
            struct Layer: Sendable {
                var digest: String
                var size: Int64
            }

            var repository: String
            var layers: [Layer]
            /// Of the layers, in bytes.
            var size: Int64 { layers.reduce(0) { $0 + $1.size } }

            init(_ image: PackagedImage, credentials: FilePath) async throws {
                let manifest = try await command(
                    "skopeo",
                    [
                        "inspect", "--raw", "--tls-verify=false",
                        "--authfile", credentials.appending("config.json").string, "docker://\(image.pinned)",
                    ]
                ).succeeded().json
                try self.init(image.reference, manifest["layers"])
            }

            /// - Parameter document: what `packager build --output json` says of an image.
            init(document: JSONValue) throws { try self.init(document["image"]?.stringValue ?? "", document["layers"]) }

            private init(_ reference: String, _ layers: JSONValue?) throws {
                repository = String(reference.drop { $0 != "/" }.dropFirst().prefix { $0 != ":" })
                self.layers = try (layers?.arrayValue ?? []).map { layer in
                    guard let digest = layer["digest"]?.stringValue, let size = layer["size"]?.integerValue else {
                        throw EndToEndError("no layer: \(layer)")
                    }
                    return Layer(digest: digest, size: size)
                }
            }
        }
    }
}
