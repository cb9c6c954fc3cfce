import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@testable import ModelBundles

@Suite struct ReadingTests {
    /// As ORMB's own writer makes it: Go's gzip at its default level with no name and no time, the tar's owner, group,
    /// mode and times as they were on the disk, files only, and Go's zero time in the configuration.
    private static let ormb = """
        layer = gzip.compress(tar(
            member("model/README.md", b"# Iris"),
            member("model/" + "d" * 120 + "/" + "deep.bin", bytes(range(256)) * 40),
            member("model/model.joblib", b"weights"),
            format=tarfile.GNU_FORMAT), compresslevel=6, mtime=0)
        layer = layer[:9] + bytes([255]) + layer[10:]
        config = {"author": "Ann", "created": "0001-01-01T00:00:00Z", "description": "Irises", "format": "SKLearn",
                  "signature": {"inputs": [{"name": "x", "size": [-1, 4], "dType": "float32"}]}}
        layout = Layout("ormb/cache")
        layout.manifest("registry.test/iris/sklearn:v1",
            layout.blob(json.dumps(config, separators=(",", ":")).encode(),
                        "application/vnd.caicloud.model.config.v1alpha1+json"),
            [layout.blob(layer, "application/tar+gzip")])
        """

    @Test func ormbsOwnBundlesAreExported() async throws {
        try await withLayout(Self.ormb) { cache, directory in
            let bundle = try await cache.bundle(ImageReference("registry.test/iris/sklearn:v1"))
            #expect(bundle.profile == .ormb && bundle.format == "SKLearn")
            #expect(bundle.metadata?.created == nil && bundle.metadata?.author == "Ann")
            #expect(bundle.modelDigest == bundle.manifest.layers[0].digest)
            try await cache.export(bundle, to: directory.appending("out"))
            let files = try directory.appending("out").contents()
            #expect(files.count == 4)
            #expect(files["model/model.joblib"] == Array("weights".utf8))
            #expect(files["model/" + String(repeating: "d", count: 120) + "/deep.bin"]?.count == 10_240)
            let metadata = try #require(try MetadataFile.read(in: directory.appending("out")))
            #expect(metadata == bundle.metadata)
            #expect(!metadata.yaml.contains("created"))
            let listed = try await cache.entries()
            #expect(listed.map(\.reference.description) == ["registry.test/iris/sklearn:v1"])
        }
    }

    @Test func filesAreWrittenOverOnlyUnderTheirTopNames() async throws {
        try await withLayout(Self.ormb) { cache, directory in
            let bundle = try await cache.bundle(ImageReference("registry.test/iris/sklearn:v1"))
            let out = directory.appending("out")
            try out.appending("model/stale.bin").write([1])
            try out.appending("notes.txt").write([2])
            var options = ModelCache.ExportOptions()
            options.metadata = false
            try await cache.export(bundle, to: out, options: options)
            #expect(try out.entries().map(\.string) == ["model", "notes.txt"])
            #expect(!out.appending("model/stale.bin").exists)
        }
    }

    @Test(arguments: [
        (ModelCache.Placement.asSaved, "model/model.joblib"), (.version, "1/model.joblib"), (.top, "model.joblib"),
    ])
    func filesAreLaidOutForServers(placement: ModelCache.Placement, path: String) async throws {
        try await withLayout(Self.ormb) { cache, directory in
            var options = ModelCache.ExportOptions()
            options.placement = placement
            let bundle = try await cache.bundle(ImageReference("registry.test/iris/sklearn:v1"))
            try await cache.export(bundle, to: directory.appending("mnt"), options: options)
            let files = try directory.appending("mnt").contents()
            #expect(files[path] == Array("weights".utf8) && files.count == 4)
        }
    }

    @Test func modctlsBundlesAreExported() async throws {
        let script = """
            layout = Layout("ormb/cache")
            def raw(role, path, data):
                return layout.blob(data, "application/vnd.cncf.model." + role + ".v1.raw",
                                   annotations={"org.cncf.model.filepath": path})
            layers = [raw("weight", "model.safetensors", b"w" * 5000), raw("weight.config", "sub/config.json", b"{}"),
                layout.blob(tar(member("tools/run.py", b"print()")), "application/vnd.cncf.model.code.v1.tar",
                            annotations={"org.cncf.model.filepath": "tools"})]
            config = {"descriptor": {"name": "tiny"}, "config": {"format": "safetensors", "paramSize": "5k"},
                      "modelfs": {"type": "layers", "diffIds": [l["digest"] for l in layers]}}
            layout.manifest("registry.test/tiny:v1", layout.blob(json.dumps(config).encode(),
                "application/vnd.cncf.model.config.v1+json"), layers,
                mediaType="application/vnd.oci.image.manifest.v1+json",
                artifactType="application/vnd.cncf.model.manifest.v1+json")
            """
        try await withLayout(script) { cache, directory in
            let bundle = try await cache.bundle(ImageReference("registry.test/tiny:v1"))
            #expect(bundle.profile == .modelPack && bundle.format == "safetensors" && bundle.metadata == nil)
            // No ormbfile.yaml, so the files are at the top.
            try await cache.export(bundle, to: directory.appending("out"))
            let files = try directory.appending("out").contents()
            #expect(Set(files.keys) == ["model.safetensors", "sub/config.json", "tools/run.py"])
            #expect(files["model.safetensors"]?.count == 5000)

            var options = ModelCache.ExportOptions()
            options.include = [GlobPattern("*.json"), GlobPattern("tools/**")]
            let part = directory.appending("part")
            try await cache.export(bundle, to: part, options: options)
            #expect(Set(try part.contents().keys) == ["sub/config.json", "tools/run.py"])
        }
    }

    @Test func kitOpsAndDockersPackagesAreExported() async throws {
        let script = """
            layout = Layout("ormb/cache")
            kit = {"manifestVersion": "1.0.0", "package": {"name": "iris"}, "model": {"path": "iris.onnx", "framework": "onnx"}}
            layout.manifest("registry.test/kit:v1",
                layout.blob(json.dumps(kit).encode(), "application/vnd.kitops.modelkit.config.v1+json"),
                [layout.blob(tar(member("models", type=tarfile.DIRTYPE), member("models/iris.onnx", b"onnx")),
                             "application/vnd.kitops.modelkit.model.v1.tar"),
                 layout.blob(gzip.compress(tar(member("docs/README.md", b"# Kit"))),
                             "application/vnd.kitops.modelkit.docs.v1.tar+gzip")])
            layout.manifest("registry.test/docker:v1",
                layout.blob(json.dumps({"config": {"format": "gguf"}}).encode(),
                            "application/vnd.docker.ai.model.config.v0.1+json"),
                [layout.blob(b"GGUF1", "application/vnd.docker.ai.gguf.v3"),
                 layout.blob(b"GGUF2", "application/vnd.docker.ai.gguf.v3"),
                 layout.blob(b"MIT", "application/vnd.docker.ai.license")])
            """
        try await withLayout(script) { cache, directory in
            let kit = try await cache.bundle(ImageReference("registry.test/kit:v1"))
            #expect(kit.profile == .kitOps && kit.format == "onnx")
            try await cache.export(kit, to: directory.appending("kit"))
            #expect(
                Set(try directory.appending("kit").contents().keys)
                    == ["Kitfile", "models/iris.onnx", "docs/README.md"]
            )
            let docker = try await cache.bundle(ImageReference("registry.test/docker:v1"))
            #expect(docker.profile == .dockerModel && docker.format == "gguf")
            try await cache.export(docker, to: directory.appending("docker"))
            #expect(
                Set(try directory.appending("docker").contents().keys)
                    == ["model-00001-of-00002.gguf", "model-00002-of-00002.gguf", "LICENSE"]
            )
        }
    }

    private func withLayout(_ script: String, _ body: (ModelCache, FilePath) async throws -> Void) async throws {
        try await withTestDirectory { directory in
            try await python(script, in: directory)
            try await body(makeCache(in: directory), directory)
        }
    }
}
