import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@testable import ModelBundles

/// Bundles that are made to do harm: refused, and nothing appears where they were to go.
@Suite struct HostileBundleTests {
    private static let reference = ImageReference("registry.test/evil/model:v1")

    /// What is in the one layer of an ORMB bundle.
    private static let tars: [(name: String, script: String)] = [
        ("a name that leads upwards", "gzip.compress(tar(member('model/../../evil', b'x')))"),
        ("an absolute name", "gzip.compress(tar(member('/tmp/evil', b'x')))"),
        (
            "a symbolic link",
            "gzip.compress(tar(member('model/a', type=tarfile.SYMTYPE, link='b'), member('model/b', b'x')))"
        ),
        ("a link that leads out", "gzip.compress(tar(member('model/a', type=tarfile.SYMTYPE, link='/etc/passwd')))"),
        (
            "a file below a link",
            "gzip.compress(tar(member('model', type=tarfile.SYMTYPE, link='/tmp'), member('model/a', b'x')))"
        ),
        ("a hard link that leads out", "gzip.compress(tar(member('model/a', type=tarfile.LNKTYPE, link='../a')))"),
        ("a name that is there twice", "gzip.compress(tar(member('model/a', b'x'), member('model/a', b'y')))"),
        ("a device", "gzip.compress(tar(member('model/a', type=tarfile.CHRTYPE)))"),
        ("a tar that is cut off", "gzip.compress(tar(member('model/a', b'x' * 5000))[:2048])"),
        ("gzip that is cut off", "gzip.compress(tar(member('model/a', os.urandom(5000))))[:-20]"),
        ("no archive", "b'nothing of the kind'"),
        ("an endless tar", "endless()"),
        ("a sparse file", "sparse()"),
    ]

    @Test(arguments: tars.indices) func isRefused(_ index: Int) async throws {
        try await withTestDirectory { directory in
            try await python(
                """
                def endless():
                    buffer = io.BytesIO()
                    with gzip.open(buffer, "wb", compresslevel=9) as file:
                        info = tarfile.TarInfo("model/a")
                        info.size = 1 << 38
                        file.write(info.tobuf())
                        for _ in range(128): file.write(bytes(1 << 20))
                    return buffer.getvalue()
                def sparse():
                    open("hole", "wb").truncate(1 << 20)
                    os.makedirs("model"); os.rename("hole", "model/a")
                    import subprocess
                    subprocess.run(["tar", "--sparse", "-czf", "sparse.tgz", "model/a"], check=True)
                    return open("sparse.tgz", "rb").read()
                layout = Layout("ormb/cache")
                layout.manifest("\(Self.reference)",
                    layout.blob(b'{"format":"Others"}', "application/vnd.caicloud.model.config.v1alpha1+json"),
                    [layout.blob(\(Self.tars[index].script), "application/tar+gzip")])
                """,
                in: directory
            )
            try await Self.expectRefusal(in: directory, Self.tars[index].name)
        }
    }

    /// Paths of files in a ModelPack bundle.
    private static let paths: [[String]] = [
        ["../evil"], ["/tmp/evil"], ["a/../../evil"], [""], ["."], ["a\u{7}b"],
        [String(repeating: "x", count: 300)], ["a", "a"], ["a", "./a"], ["a", "a/b"], ["a/b", "a"],
    ]

    @Test(arguments: paths) func badPathsAreRefused(_ paths: [String]) async throws {
        let list = JSONValue.array(paths.map { .string($0) })
        let text = String(decoding: try CanonicalJSON.encode(list), as: UTF8.self)
        try await withTestDirectory { directory in
            try await python(
                #"""
                layout = Layout("ormb/cache")
                layers = [layout.blob(path.encode() + b"!" + bytes([number]), "application/vnd.cncf.model.weight.v1.raw",
                          annotations={"org.cncf.model.filepath": path})
                          for number, path in enumerate(json.loads(r'''\#(text)'''))]
                layout.manifest("\#(Self.reference)",
                    layout.blob(b"{}", "application/vnd.cncf.model.config.v1+json"), layers,
                    artifactType="application/vnd.cncf.model.manifest.v1+json")
                """#,
                in: directory
            )
            try await Self.expectRefusal(in: directory, "\(paths)")
        }
    }

    /// Manifests that are none of a model.
    private static let manifests: [(script: String, message: String)] = [
        (
            "layout.manifest(name, config, [layer, layer])",
            "manifest does not contain exactly 1 layer (total: 2)"
        ),
        (
            "layout.manifest(name, config, [{**layer, 'mediaType': 'application/tar'}])",
            "manifest does not contain a layer with mediatype application/tar+gzip"
        ),
        (
            "layout.manifest(name, config, [{**layer, 'size': 0}])",
            "manifest layer with mediatype application/tar+gzip is of size 0"
        ),
        ("layout.manifest(name, config, [{**layer, 'size': -5}])", "is of size 0"),
        (
            "layout.manifest(name, {**config, 'mediaType': 'application/vnd.oci.image.config.v1+json'}, [layer])",
            "is no model: its type is application/vnd.oci.image.config.v1+json"
        ),
        (
            "layout.manifest(name, config, [layer], annotations={'a': 'x' * (5 << 20)})",
            "more than the 4194304 that are read"
        ),
    ]

    @Test(arguments: manifests.indices) func badManifestsAreRefused(_ index: Int) async throws {
        try await withTestDirectory { directory in
            try await python(
                """
                name = "\(Self.reference)"
                layout = Layout("ormb/cache")
                config = layout.blob(b'{"format":"Others"}', "application/vnd.caicloud.model.config.v1alpha1+json")
                layer = layout.blob(gzip.compress(tar(member("model/a", b"x"))), "application/tar+gzip")
                \(Self.manifests[index].script)
                """,
                in: directory
            )
            let cache = try await makeCache(in: directory)
            let error = await #expect(throws: BundleError.self) { try await cache.bundle(Self.reference) }
            #expect(error?.message.contains(Self.manifests[index].message) == true, "\(String(describing: error))")
        }
    }

    /// The disk says something else than what came from the registry.
    @Test(arguments: ["truncate", "flip", "grow", "remove"]) func changedBlobsAreNoticed(change: String) async throws {
        for profile in [BundleProfile.ormb, .modelPack] {
            try await withTestDirectory { directory in
                try SampleModel.of(.others).write(to: directory.appending("source"))
                let cache = try await makeCache(in: directory)
                let saved = try await cache.save(
                    PreparedModel(directory.appending("source")),
                    as: Self.reference,
                    profile: profile
                )
                let blob = cache.layout.path(of: saved.layers[0].descriptor.digest)
                var contents = try blob.readAll()
                switch change {
                case "truncate": contents.removeLast()
                case "flip": contents[contents.count / 2] ^= 1
                case "grow": contents.append(0)
                default: try blob.removeTree()
                }
                if change != "remove" { try blob.write(contents) }
                let verification = await #expect(throws: BundleError.self) { try await cache.verify(saved) }
                #expect(verification?.code == .damagedBlob)
                await #expect(throws: BundleError.self) {
                    try await cache.export(saved, to: directory.appending("out"))
                }
                #expect(!directory.appending("out").exists)
            }
        }
    }

    private static func expectRefusal(in directory: FilePath, _ name: String) async throws {
        let cache = try await makeCache(in: directory)
        let out = directory.appending("out")
        // Beside it, and in it when it is there already.
        for isThere in [false, true] {
            if isThere { try out.appending("kept").write([1]) }
            await #expect(throws: (any Error).self, "\(name)") {
                let bundle = try await cache.bundle(reference)
                try await cache.export(bundle, to: out)
            }
            #expect(isThere ? try out.contents() == ["kept": [1]] : !out.exists, "\(name)")
        }
        #expect(!FilePath("/tmp/evil").exists && !directory.appending("evil").exists)
        #expect(try directory.entries().allSatisfy { !$0.string.hasPrefix(".packager") })
    }
}
