import FileSystem
import Glibc
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@Suite struct OCILayoutTests {
    private func put(_ repository: LayoutRepository, tag: String?, content: [UInt8] = [1, 2, 3]) async throws
        -> Descriptor
    {
        let config = Array("{}".utf8)
        try await repository.put(Descriptor(config, .ociConfiguration), .bytes(config))
        try await repository.put(Descriptor(content), .bytes(content))
        let manifest = ImageManifest(config: Descriptor(config, .ociConfiguration), layers: [Descriptor(content)])
        let stored = StoredManifest(mediaType: .ociManifest, bytes: try CanonicalJSON.encode(manifest))
        try await repository.put(stored, tag: tag)
        return stored.descriptor
    }

    @Test func namesOfManyRepositoriesShareAStore() async throws {
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory)
            let wine = layout.repository(try ImageReference(parsing: "wine:1"))
            let hosted = layout.repository(try ImageReference(parsing: "127.0.0.1:5000/team/wine:1"))
            let first = try await put(wine, tag: "1", content: [1])
            let second = try await put(hosted, tag: "1", content: [2])
            #expect(try await layout.images().map(\.name) == ["127.0.0.1:5000/team/wine:1", "wine:1"])
            #expect(try await wine.manifest(.tag("1")).descriptor == first)
            #expect(try await hosted.manifest(.tag("1")).descriptor == second)
            #expect(try await wine.manifest(.digest(second.digest)).descriptor == second)

            // A name moves to another image, and goes.
            let third = try await put(wine, tag: "1", content: [3])
            #expect(try await wine.manifest(.tag("1")).descriptor == third)
            #expect(try await layout.images().count == 2)
            #expect(try await layout.removeName("wine:1"))
            #expect(try await !layout.removeName("wine:1"))
            let error = await #expect(throws: AssemblerError.self) { try await wine.manifest(.tag("1")) }
            #expect(error?.code == .imageNotFound)
            // Under its digest it is there still.
            #expect(try await wine.manifest(.digest(third.digest)).descriptor == third)
        }
    }

    @Test func namesFromManyTasksAreAllKept() async throws {
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory)
            let manifest = try await put(layout.repository(ImageReference(host: nil, repository: "a")), tag: nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        // Each opens the store for itself, as processes do.
                        try await OCILayout.open(directory).setName("a:\(number)", to: manifest)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await layout.images().count == 40)
        }
    }

    @Test func whatKilledProcessesLeftGoesAndWhatIsBeingWrittenStays() async throws {
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory)
            let stale = directory.appending("ingest/blob-stale")
            let busy = directory.appending("ingest/blob-busy")
            // A process that is killed while it holds the lock.
            let script = #"exec 9>"$0" && flock 9 && echo half >&9 && kill -9 $$"#
            await #expect(throws: ToolFailure.self) { try await tool("bash", ["-c", script, stale.string]) }
            #expect(stale.exists)
            try busy.write([1])
            let file = try FileDescriptor.open(busy, .writeOnly, options: .closeOnExec)
            #expect(flock(file.rawValue, LOCK_EX) == 0)
            _ = try await OCILayout.open(directory)
            #expect(!stale.exists)
            #expect(busy.exists)
            try file.close()
            // A process that another test starts just now shares the lock until it runs its program.
            for _ in 0..<500 where busy.exists {
                _ = try await OCILayout.open(directory)
                try await Task.sleep(for: .milliseconds(10))
            }
            try expectUntouched(layout)
        }
    }

    @Test(
        "content that is not what its descriptor says",
        arguments: [[UInt8](repeating: 7, count: 999), Array(repeating: 7, count: 1001), noise(1000, seed: 9), []]
    )
    func corrupt(content: [UInt8]) async throws {
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory.appending("store"))
            let repository = layout.wholeRepository
            let wanted = Descriptor([UInt8](repeating: 7, count: 1000))
            let file = directory.appending("file")
            try file.write(content)
            for source in [BlobContent.stream(chunks(content)), .bytes(content), .file(file)] {
                let error = await #expect(throws: AssemblerError.self) { try await repository.put(wanted, source) }
                #expect(error?.code == .corruptBlob)
            }
            try expectUntouched(layout)
        }
    }

    @Test func aStreamThatBreaksLeavesNothing() async throws {
        struct Broken: Error {}
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory)
            let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(noise(5_000_000))
                continuation.finish(throwing: Broken())
            }
            await #expect(throws: Broken.self) {
                try await layout.wholeRepository.put(Descriptor(noise(6_000_000)), .stream(stream))
            }
            try expectUntouched(layout)
        }
    }

    @Test func goodContentArrives() async throws {
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory.appending("store"))
            let file = directory.appending("file")
            for seed in UInt64(1)...3 {
                let bytes = noise(2_500_000, seed: seed)
                try file.write(bytes)
                let content: BlobContent = seed == 1 ? .bytes(bytes) : seed == 2 ? .stream(chunks(bytes)) : .file(file)
                let blob = Descriptor(bytes)
                #expect(try await !layout.contains(blob))
                try await layout.wholeRepository.put(blob, content)
                #expect(try await layout.contains(blob))
                #expect(try layout.path(of: blob.digest).readAll() == bytes)
            }
        }
    }

    @Test func incompleteImagesAreRefused() async throws {
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory)
            let repository = layout.repository(ImageReference(host: nil, repository: "a"))
            let manifest = try await put(repository, tag: "whole")
            let stored = try await repository.manifest(.digest(manifest.digest))
            try layout.path(of: Digest.sha256(of: [1, 2, 3])).removeTree()
            let error = await #expect(throws: AssemblerError.self) { try await repository.put(stored, tag: "part") }
            #expect(error?.code == .blobMissing)
            #expect(error?.description.contains(Digest.sha256(of: [1, 2, 3]).description) == true)
            #expect(try await layout.images().map(\.name) == ["a:whole"])
        }
    }

    @Test func damagedManifestIsFound() async throws {
        try await withTestDirectory { directory in
            let layout = try await OCILayout.open(directory)
            let repository = layout.repository(ImageReference(host: nil, repository: "a"))
            let manifest = try await put(repository, tag: "1")
            try layout.path(of: manifest.digest).write(Array("{}".utf8))
            let error = await #expect(throws: AssemblerError.self) { try await repository.manifest(.tag("1")) }
            #expect(error?.code == .corruptBlob)
        }
    }

    @Test func otherDirectoriesAreNoLayouts() async throws {
        try await withTestDirectory { directory in
            await #expect(throws: AssemblerError.self) { try await OCILayout.openExisting(directory) }
            try directory.appending("oci-layout").write(Array(#"{"imageLayoutVersion":"9"}"#.utf8))
            let error = await #expect(throws: AssemblerError.self) { try await OCILayout.open(directory) }
            #expect(error?.code == .notALayout)
        }
    }
}
