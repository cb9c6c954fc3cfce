import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@testable import ModelBundles

@Suite struct CacheTests {
    private static let reference = ImageReference("registry.test/iris/model:v1")

    @Test func namesAreGivenAndTakenAway() async throws {
        try await withCache { cache, saved in
            let second = ImageReference("registry.test/iris/model:v2")
            try await cache.tag(Self.reference, as: second)
            #expect(try await cache.entries().map(\.reference.tag) == ["v1", "v2"])
            try await cache.remove(Self.reference)
            let error = await #expect(throws: BundleError.self) { try await cache.remove(Self.reference) }
            #expect(error?.message == "Model not found: registry.test/iris/model:v1")
            #expect(try await cache.bundle(second).digest == saved.digest)
            let unknown = await #expect(throws: BundleError.self) { try await cache.tag(Self.reference, as: second) }
            #expect(unknown?.message == "Failed to find the ref registry.test/iris/model:v1")
        }
    }

    @Test func garbageIsWhatNoNameLeadsTo() async throws {
        try await withCache { cache, saved in
            #expect(try await cache.collectGarbage(dryRun: false).isEmpty)
            try await cache.remove(Self.reference)
            let planned = try await cache.collectGarbage(dryRun: true)
            #expect(
                Set(planned.map(\.digest))
                    == Set([saved.digest, saved.manifest.config.digest] + saved.manifest.layers.map(\.digest))
            )
            #expect(cache.layout.path(of: saved.digest).exists)
            #expect(try await cache.collectGarbage(dryRun: false) == planned)
            #expect(!cache.layout.path(of: saved.digest).exists)
            #expect(try await cache.collectGarbage(dryRun: true).isEmpty)
        }
    }

    @Test func garbageStaysWhileTheCacheIsUsed() async throws {
        try await withCache { cache, _ in
            try await cache.remove(Self.reference)
            try await cache.whileUsing {
                let error = await #expect(throws: BundleError.self) { try await cache.collectGarbage(dryRun: false) }
                #expect(error?.code == .busy)
            }
            #expect(try await !cache.collectGarbage(dryRun: false).isEmpty)
        }
    }

    @Test func pullingBringsWhatIsMissing() async throws {
        try await withCache { cache, saved in
            let other = try await makeCache(in: cache.root.appending("other"))
            let source = cache.layout.repository(Self.reference)
            let first = try await other.pull(Self.reference, from: source)
            #expect(first.isNew && first.bundle.digest == saved.digest)
            #expect(try await !other.pull(Self.reference, from: source).isNew)
            // A digest is kept, and what it names is found by it.
            let pinned = ImageReference(host: "registry.test", repository: "iris/model", digest: saved.digest)
            let third = try await makeCache(in: cache.root.appending("third"))
            _ = try await third.pull(pinned, from: source)
            #expect(try await third.entries().map(\.reference) == [pinned])
            #expect(try await third.bundle(pinned).digest == saved.digest)
            #expect(try await third.collectGarbage(dryRun: true).isEmpty)
        }
    }

    @Test func someFilesCanBePulledAlone() async throws {
        try await withCache { cache, _ in
            let other = try await makeCache(in: cache.root.appending("other"))
            var options = ModelCache.ExportOptions()
            options.include = [GlobPattern("*.txt")]
            let (bundle, layers) = try await other.pull(
                Self.reference,
                including: options.include,
                from: cache.layout.repository(Self.reference)
            )
            #expect(layers.map(\.path) == ["a/b/c.txt"])
            let out = cache.root.appending("out")
            let files = try await other.export(bundle.keeping(layers), to: out, options: options)
            #expect(files == ["model/a/b/c.txt", "ormbfile.yaml"])
            #expect(try await other.entries().isEmpty)
        }
    }

    @Test func differencesAreThoseOfTheFiles() async throws {
        try await withTestDirectory { directory in
            let cache = try await makeCache(in: directory)
            let old = SampleModel(format: .others, files: ["same": [1], "changed": [1, 2], "gone": [3]])
            let new = SampleModel(format: .others, files: ["same": [1], "changed": [9], "new": [4]])
            var files: [[BundleFile]] = []
            // In different profiles: what counts is what comes out.
            for (sample, profile) in [(old, BundleProfile.ormb), (new, .modelPack)] {
                let source = directory.appending(profile.rawValue)
                try sample.write(to: source)
                let bundle = try await cache.save(PreparedModel(source), as: Self.reference, profile: profile)
                files.append(try await cache.files(of: bundle, from: cache.layout.repository(Self.reference)))
            }
            let lines = FileDifference.between(files[0], files[1]).map { difference in
                switch difference {
                case .added(let file): "+\(file.path) \(file.size)"
                case .removed(let file): "-\(file.path) \(file.size)"
                case .changed(let old, let new): "~\(old.path) \(old.size) \(new.size)"
                }
            }
            #expect(lines == ["~changed 2 1", "-gone 1", "+new 1"])
            #expect(FileDifference.between(files[0], files[0]).isEmpty)
        }
    }

    @Test(arguments: [
        ("localhost:5000/pmml:v1", "localhost:5000/pmml/pmml:v1"), ("r.test/a/b:v1", "r.test/a/b:v1"),
    ])
    func namesAreExpandedAsORMBDoes(name: String, expanded: String) throws {
        #expect(try ImageReference(parsing: name).expandedAsORMB.description == expanded)
    }

    @Test(arguments: [
        ("*.json", "config.json", true), ("*.json", "a/b/config.json", true), ("*.json", "config.jsonl", false),
        ("a/*.json", "a/x.json", true), ("a/*.json", "a/b/x.json", false), ("a/**", "a/b/x.json", true),
        ("**/x.json", "x.json", true), ("**/x.json", "a/b/x.json", true), ("a/**/x", "a/x", true),
        ("model-?.bin", "model-1.bin", true), ("model-?.bin", "model-10.bin", false), ("", "a", false),
        ("*", "a/b", true),
        (String(repeating: "*a", count: 50), String(repeating: "a", count: 300) + "b", false),
    ])
    func patternsMatch(pattern: String, path: String, isMatch: Bool) {
        #expect(GlobPattern(pattern).matches(path) == isMatch)
    }

    private func withCache(_ body: (ModelCache, ModelBundle) async throws -> Void) async throws {
        try await withTestDirectory { directory in
            try SampleModel.of(.others).write(to: directory.appending("source"))
            let cache = try await makeCache(in: directory)
            let saved = try await cache.save(
                PreparedModel(directory.appending("source")),
                as: Self.reference,
                profile: .modelPack
            )
            try await body(cache, saved)
        }
    }
}
