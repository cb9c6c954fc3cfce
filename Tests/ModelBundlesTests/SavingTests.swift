import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@testable import ModelBundles

@Suite struct SavingTests {
    private static let name = ImageReference("registry.test/iris/model:v1")

    @Test(arguments: SampleModel.all, [BundleProfile.ormb, .modelPack])
    func everyFormatComesBack(sample: SampleModel, profile: BundleProfile) async throws {
        try await withTestDirectory { directory in
            let source = directory.appending("source")
            try sample.write(to: source)
            let cache = try await makeCache(in: directory)
            let saved = try await cache.save(PreparedModel(source), as: Self.name, profile: profile)
            #expect(saved.profile == profile && saved.format == sample.format.rawValue)

            let exported = directory.appending("exported")
            try await cache.export(saved, to: exported)
            #expect(try exported.appending("model").contents() == sample.files)
            #expect(try exported.entries().map(\.string) == ["model", "ormbfile.yaml"])

            // Elsewhere, later, by another user's mask: what comes back is saved to the same digest.
            let other = try await makeCache(in: directory.appending("other"))
            let again = try await other.save(PreparedModel(exported), as: Self.name, profile: profile)
            #expect(again.digest == saved.digest)
            #expect(again.metadata == saved.metadata)
        }
    }

    @Test(arguments: SampleModel.all) func ormbsReaderIsSatisfied(sample: SampleModel) async throws {
        try await withTestDirectory { directory in
            try sample.write(to: directory.appending("source"))
            let cache = try await makeCache(in: directory)
            let saved = try await cache.save(
                PreparedModel(directory.appending("source")),
                as: Self.name,
                profile: .ormb
            )
            // Neither more nor less than ORMB's own manifests have.
            let manifest: JSONValue = try CanonicalJSON.decode(from: saved.stored.bytes)
            #expect(Set(manifest.objectValue?.keys.map { $0 } ?? []) == ["schemaVersion", "config", "layers"])
            #expect(manifest["config"]?["mediaType"] == "application/vnd.caicloud.model.config.v1alpha1+json")
            #expect(manifest["layers"]?.arrayValue?.count == 1)
            #expect(manifest["layers"]?[0]?["mediaType"] == "application/tar+gzip")
            #expect(Set(manifest["layers"]?[0]?.objectValue?.keys.map { $0 } ?? []) == ["mediaType", "digest", "size"])
            // Its index has the whole name.
            let index: JSONValue = try CanonicalJSON.decode(
                from: Data(cache.layout.root.appending("index.json").readAll())
            )
            let annotations = index["manifests"]?[0]?["annotations"]
            #expect(annotations?["org.opencontainers.image.ref.name"] == .string(Self.name.description))
            // Its tar has directories and files, all below model/, read by another program.
            let blob = cache.layout.path(of: saved.layers[0].descriptor.digest)
            try await python(
                """
                with tarfile.open("\(blob)", "r:gz") as archive:
                    members = archive.getmembers()
                assert all(m.isreg() or m.isdir() for m in members), members
                assert all(m.name == "model" or m.name.startswith("model/") for m in members), members
                assert {m.name[6:] for m in members if m.isreg()} == set(json.loads(r'''\(Self.names(of: sample))'''))
                """,
                in: directory
            )
        }
    }

    @Test(arguments: SampleModel.all) func modelPacksAreValid(sample: SampleModel) async throws {
        try await withTestDirectory { directory in
            let source = directory.appending("source")
            try sample.write(to: source)
            try source.appending("ormbfile.yaml").write(
                "format: \(sample.format.rawValue)\nauthor: Ann\ncreated: 2024-05-06T07:08:09Z\n".utf8
            )
            try source.appending("LICENSE").write("MIT".utf8)
            let cache = try await makeCache(in: directory)
            let saved = try await cache.save(PreparedModel(source), as: Self.name, profile: .modelPack)
            #expect(try Self.schema().problems(in: saved.configuration) == [])

            let manifest = saved.manifest
            #expect(manifest.mediaType == .ociManifest)
            #expect(manifest.artifactType == "application/vnd.cncf.model.manifest.v1+json")
            #expect(manifest.layers.allSatisfy { $0.mediaType.rawValue.hasSuffix(".v1.raw") })
            #expect(
                manifest.layers.allSatisfy {
                    $0.annotations?["org.cncf.model.filepath"] == $0.annotations?["org.opencontainers.image.title"]
                }
            )
            // Nothing is compressed, so layers are what they unpack to.
            let diffIDs = saved.configuration["modelfs"]?["diffIds"]?.arrayValue
            #expect(diffIDs == manifest.layers.map { .string($0.digest.description) })
            let shown = manifest.layers.filter { $0.mediaType.rawValue == "application/vnd.cncf.model.doc.v1.raw" }
            let names = shown.compactMap { $0.annotations?["org.cncf.model.filepath"] }
            #expect(names.contains("LICENSE"))
            #expect(names.contains("README.md") == (sample.files["README.md"] != nil))
            // What lay beside the model comes back there.
            try await cache.export(saved, to: directory.appending("exported"))
            #expect(try directory.appending("exported/LICENSE").readAll() == Array("MIT".utf8))
            #expect(try directory.appending("exported/model").contents() == sample.files)
        }
    }

    @Test func theSchemaRefusesWhatItShould() throws {
        let schema = try Self.schema()
        let good: JSONValue = ["descriptor": [:], "config": [:], "modelfs": ["type": "layers", "diffIds": ["a"]]]
        #expect(schema.problems(in: good) == [])
        let bad: [JSONValue] = [
            [:], ["descriptor": [:], "config": [:], "modelfs": ["type": "layers", "diffIds": []]],
            ["descriptor": ["name": ""], "config": [:], "modelfs": ["type": "layers", "diffIds": ["a"]]],
            ["descriptor": ["createdAt": "now"], "config": [:], "modelfs": ["type": "layers", "diffIds": ["a"]]],
            ["descriptor": [:], "config": ["metrics": 1], "modelfs": ["type": "layers", "diffIds": ["a"]]],
        ]
        for document in bad { #expect(!schema.problems(in: document).isEmpty, "\(document)") }
    }

    @Test func weightsSayWhatTheyAre() async throws {
        try await withTestDirectory { directory in
            let cache = try await makeCache(in: directory)
            try SampleModel.of(.gguf).write(to: directory.appending("gguf"))
            let gguf = try await cache.save(
                PreparedModel(directory.appending("gguf")),
                as: Self.name,
                profile: .modelPack
            )
            #expect(gguf.configuration["config"]?["architecture"] == "llama")
            #expect(gguf.configuration["config"]?["quantization"] == "Q4_K_M")
            #expect(gguf.configuration["descriptor"]?["name"] == "Tiny")
            try SampleModel.of(.safetensors).write(to: directory.appending("safetensors"))
            let other = try await cache.save(
                PreparedModel(directory.appending("safetensors")),
                as: Self.name,
                profile: .modelPack
            )
            #expect(other.configuration["config"]?["precision"] == "float16")
            #expect(other.configuration["config"]?["paramSize"] == "10")
        }
    }

    @Test(arguments: [BundleProfile.ormb, .modelPack]) func unchangedFilesAreNotReadAgain(profile: BundleProfile)
        async throws
    {
        try await withTestDirectory { directory in
            let source = directory.appending("source")
            try SampleModel.of(.others).write(to: source)
            let index = MemoryIndex()
            let cache = try await makeCache(in: directory, index: index)
            let first = try await cache.save(PreparedModel(source), as: Self.name, profile: profile)
            let recorded = await index.recorded
            let second = try await cache.save(PreparedModel(source), as: Self.name, profile: profile)
            #expect(second.digest == first.digest)
            #expect(await index.recorded == recorded)
            // One file is another: of separate layers it alone is read.
            try source.appending("model/weights.bin").write("other".utf8)
            let third = try await cache.save(PreparedModel(source), as: Self.name, profile: profile)
            #expect(third.digest != first.digest)
            #expect(await index.recorded == recorded + 1)
            // A blob that has left the cache is made again.
            for layer in third.layers { try cache.layout.path(of: layer.descriptor.digest).removeTree() }
            #expect(try await cache.save(PreparedModel(source), as: Self.name, profile: profile).digest == third.digest)
            _ = try await cache.verify(third)
        }
    }

    @Test func manySmallFilesShareTars() async throws {
        try await withTestDirectory { directory in
            let source = directory.appending("source")
            var files = ["README.md": Array("# Many".utf8)]
            for number in 0..<600 { files["d\(number % 7)/\(number).json"] = Array("\(number)".utf8) }
            try SampleModel(format: .others, files: files).write(to: source)
            let cache = try await makeCache(in: directory)
            let saved = try await cache.save(PreparedModel(source), as: Self.name, profile: .modelPack)
            #expect(saved.layers.count == 3)
            try await cache.export(saved, to: directory.appending("out"))
            #expect(try directory.appending("out/model").contents() == files)
        }
    }

    @Test func whatIsMissingOrWrongIsSaid() async throws {
        try await withTestDirectory { directory in
            let source = directory.appending("source")
            try source.createDirectories()
            await #expect(throws: BundleError.self) { try await PreparedModel(source) }
            try source.appending("model/model.onnx").write("<!DOCTYPE html><html>".utf8)
            let html = await #expect(throws: BundleError.self) { try await PreparedModel(source) }
            #expect(html?.message == "model.onnx is an HTML page, no model of the format ONNX")
            // Refused before anything is written into the user's directory.
            #expect(!source.appending("ormbfile.yaml").exists)
            try source.appending("model/model.onnx").write("x".utf8)
            _ = try await PreparedModel(source)
            #expect(try source.appending("ormbfile.yaml").readAll() == Array("format: ONNX\n".utf8))
        }
    }

    private static func schema() throws -> JSONSchema {
        let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Fixtures")
        return JSONSchema(
            try CanonicalJSON.decode(from: Data(fixtures.appending("modelpack/config-schema.json").readAll()))
        )
    }

    private static func names(of sample: SampleModel) -> String {
        let names = JSONValue.array(sample.files.keys.sorted().map { .string($0) })
        return (try? CanonicalJSON.encode(names)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
