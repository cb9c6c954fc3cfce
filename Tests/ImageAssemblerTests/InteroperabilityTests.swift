import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

/// Other tools read what we write, and we read what they write.
@Suite struct InteroperabilityTests {
    private let reference = ImageReference(host: nil, repository: "team/wine", tag: "1")

    /// An image with every kind of layer in a store, below a directory.
    private func withStoredImage(
        _ mode: CompressionMode = .fast,
        _ body: (FilePath, OCILayout, Image) async throws -> Void
    ) async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let base = try await makeBase(in: MemoryRepository(repository: "base/test"), store: store)
            try ImageAssemblerTests.makeArtifact(in: directory.appending("artifact"))
            var options = ImageAssembler.Options()
            options.platform = Platform(architecture: "amd64")
            options.compression = mode
            let assembler = ImageAssembler(store: store, index: MemoryIndex(), options: options, logger: silent)
            let image = try await assembler.assemble(
                ImageAssemblerTests.recipe,
                on: base,
                artifact: .directory(directory.appending("artifact"))
            )
            _ = try await ImagePusher().push(image, to: store.repository(reference), tag: "1")
            try await body(directory, store, image)
        }
    }

    private func expectInspected(_ inspected: String, _ image: Image) throws {
        let value = try CanonicalJSON.decode(JSONValue.self, from: Data(inspected.utf8))
        #expect(value["Architecture"] == "amd64")
        #expect(value["Labels"]?["made-of"] == "wine")
        #expect(value["Layers"]?.arrayValue?.count == image.layers.count)
    }

    @Test("skopeo and umoci read the store", arguments: CompressionMode.allCases)
    func store(mode: CompressionMode) async throws {
        try await withStoredImage(mode) { directory, store, image in
            let name = "oci:\(store.root):team/wine:1"
            let inspected = try await tool("skopeo", ["inspect", name])
            try expectInspected(inspected, image)
            #expect(inspected.contains(image.digest.description))
            // skopeo verifies every digest and diff ID of what it copies into a docker-archive.
            try await tool("skopeo", ["copy", name, "docker-archive:\(directory)/copy.tar"])
            try await tool("skopeo", ["copy", name, "oci:\(directory)/copy:latest"])

            try await tool(
                "umoci",
                ["unpack", "--rootless", "--image", "\(directory)/copy:latest", "\(directory)/bundle"]
            )
            let root = directory.appending("bundle/rootfs")
            let model = try root.appending("model/model.pkl").readAll()
            #expect(try model == directory.appending("artifact/model.pkl").readAll())
            #expect(try root.appending("model/link").readAll() == noise(1000))
            #expect(try root.appending("app").readAll() == Array("#!/bin/sh\n".utf8))
            #expect(try FileIdentity(of: root.appending("opt/packager/serve")).isExecutable)
            #expect(try root.appending("etc/os-release").readAll() == Array("ID=test\n".utf8))
        }
    }

    @Test("exports are read by skopeo", arguments: ImageArchive.Format.allCases)
    func export(format: ImageArchive.Format) async throws {
        try await withStoredImage { directory, store, image in
            let file = directory.appending("image.tar")
            let source = store.repository(reference)
            try await ImageArchive.write(image.manifest, from: source, names: [reference], to: file, format: format)
            let transport = format == .oci ? "oci-archive" : "docker-archive"
            try expectInspected(try await tool("skopeo", ["inspect", "\(transport):\(file)"]), image)
            try await tool("skopeo", ["copy", "\(transport):\(file)", "oci:\(directory)/copy:latest"])
            let copy = try await OCILayout.openExisting(directory.appending("copy")).wholeRepository
            let base = try await BaseImage.resolve(
                ImageReference(host: nil, repository: "copy"),
                from: copy,
                platform: Platform(architecture: "amd64")
            )
            #expect(base.configuration.rootfs.diffIDs == image.configuration.rootfs.diffIDs)
            // The same image again gives the same file.
            let again = directory.appending("again.tar")
            try await ImageArchive.write(image.manifest, from: source, names: [reference], to: again, format: format)
            #expect(try Digest.sha256(of: again.readAll()) == Digest.sha256(of: file.readAll()))
        }
    }

    @Test func exportOfADamagedBlobFailsWithoutAFile() async throws {
        try await withStoredImage { directory, store, image in
            let layer = image.layers[2].layer.descriptor
            let path = store.path(of: layer.digest)
            try path.write(noise(Int(layer.size)))
            let out = directory.appending("out")
            try out.createDirectories()
            let error = await #expect(throws: AssemblerError.self) {
                try await ImageArchive.write(
                    image.manifest,
                    from: store.wholeRepository,
                    names: [],
                    to: out.appending("image.tar"),
                    format: .oci
                )
            }
            #expect(error?.code == .corruptBlob)
            #expect(try out.entries().isEmpty)
        }
    }

    @Test func storesOfSkopeoAreRead() async throws {
        try await withStoredImage { directory, store, image in
            let other = directory.appending("other")
            let ours = "oci:\(store.root):team/wine:1"
            // Left to itself, skopeo compresses layers that are stored.
            for name in ["latest", "base", "base:2", "3"] {
                try await tool("skopeo", ["copy", "--preserve-digests", ours, "oci:\(other):\(name)"])
            }
            let layout = try await OCILayout.openExisting(other)
            #expect(try await layout.images().map(\.name) == ["3", "base", "base:2", "latest"])
            let whole = layout.wholeRepository
            for tag in ["latest", "3", "base"] {
                #expect(try await whole.manifest(.tag(tag)).descriptor.digest == image.digest)
            }
            for name in ["base", "base:latest", "base:2", "latest"] {
                let reference = try ImageReference(parsing: name)
                let base = try await BaseImage.resolve(
                    reference,
                    from: layout.repository(reference),
                    platform: Platform(architecture: "amd64")
                )
                #expect(base.manifest.layers.count == image.layers.count)
            }
            let missing = try ImageReference(parsing: "base:3")
            await #expect(throws: AssemblerError.self) {
                try await layout.repository(missing).manifest(missing.selector)
            }
            // skopeo adds to a store of ours, and what was there stays.
            try await tool("skopeo", ["copy", "oci:\(other):latest", "oci:\(store.root):added"])
            #expect(try await store.images().map(\.name) == ["added", "team/wine:1"])
        }
    }
}
