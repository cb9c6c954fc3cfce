import FileSystem
import OCI
import SystemPackage
import Testing
import TrainedModels

@testable import PackagerCore

@Suite struct ArtifactStoreTests {
    private struct Interrupted: Error {}

    @Test func anUploadIsThereWholeWithItsDigest() async throws {
        try await withService { service in
            let parts = (0..<40).map { [UInt8](repeating: UInt8($0), count: 100_003) }
            let info = try await service.artifacts.put("model.zip", description: "a model", chunks(parts))
            let whole = parts.flatMap { $0 }
            #expect(info.digest == .sha256(of: whole) && info.size == Int64(whole.count))
            #expect(info.description == "a model" && info.model == nil)
            #expect(try info.path.readAll() == whole)
            #expect(try await service.artifacts.list() == [info])
            try await service.artifacts.delete("model.zip")
            #expect(!info.path.exists)
            #expect(try await service.artifacts.list().isEmpty)
        }
    }

    @Test func aFailedUploadLeavesNothingAndKeepsTheOldOne() async throws {
        try await withService { service in
            let old = try await service.artifacts.put("model.zip", chunks([[1, 2, 3]]))
            let broken = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield([UInt8](repeating: 7, count: 3 << 20))
                continuation.finish(throwing: Interrupted())
            }
            await #expect(throws: Interrupted.self) { _ = try await service.artifacts.put("model.zip", broken) }
            #expect(try await service.artifacts.list() == [old])
            #expect(try service.artifacts.ingest.entries().isEmpty)
        }
    }

    @Test func aCancelledUploadLeavesNothing() async throws {
        try await withService { service in
            let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
            continuation.yield([UInt8](repeating: 7, count: 3 << 20))
            let upload = Task { try await service.artifacts.put("model.zip", stream) }
            try await eventually("the upload begins") { try !service.artifacts.ingest.entries().isEmpty }
            upload.cancel()
            // A cancelled stream ends as if it were whole; the store must not take it for that.
            await #expect(throws: CancellationError.self) { _ = try await upload.value }
            #expect(try await service.artifacts.list().isEmpty)
            #expect(try service.artifacts.ingest.entries().isEmpty)
        }
    }

    @Test func whatKilledUploadsLeftGoesAtTheNextStartAndRunningOnesStay() async throws {
        try await withService { service in
            let running = try ArtifactIngest(in: service.artifacts.ingest)
            try service.artifacts.ingest.appending("abandoned").writeAtomically([1])
            let other = try await service.reopened()
            #expect(try service.artifacts.ingest.entries().map(\.string) == [running.path.lastComponent?.string])
            try other.close()
        }
    }

    @Test(arguments: ["", ".hidden", "..", "a/b", "a\nb", String(repeating: "ü", count: 128)])
    func badNamesAreRefused(name: String) async throws {
        try await withService { service in
            let error = await refusal { _ = try await service.artifacts.put(name, chunks([[1]])) }
            #expect(error?.kind == .invalid && error?.message.contains("is not an artifact name") == true)
            #expect(await refusal { _ = try await service.artifacts.info(name) }?.kind == .invalid)
            #expect(await refusal { try await service.artifacts.delete(name) }?.kind == .invalid)
        }
    }

    @Test(arguments: ["wine 1.0.zip", "größe.tar.gz", String(repeating: "a", count: 255)])
    func goodNamesAreTaken(name: String) async throws {
        try await withService { service in
            let info = try await service.artifacts.put(name, chunks([[1]]))
            #expect(info.name == name)
            #expect(try await service.artifacts.info(name).size == 1)
        }
    }

    @Test func filesPutIntoPlaceByHandAreKnown() async throws {
        try await withService { service in
            let path = service.artifacts.directory.appending("by-hand.tar")
            try path.writeAtomically([1, 2])
            try service.artifacts.directory.appending("folder/inside").createDirectories()
            #expect(try await service.artifacts.list().map(\.name) == ["by-hand.tar", "folder"])
            #expect(try await service.artifacts.info("by-hand.tar").digest == nil)
            #expect(try await service.artifacts.digest(of: "by-hand.tar") == .sha256(of: [1, 2]))
            #expect(try await service.artifacts.info("by-hand.tar").digest == .sha256(of: [1, 2]))
            #expect(try await service.artifacts.info("folder").isDirectory)
            #expect(try await service.artifacts.digest(of: "folder") == nil)
            // Replaced behind the service's back: what was known no longer holds.
            try path.writeAtomically([3, 4])
            #expect(try await service.artifacts.info("by-hand.tar").digest == nil)
            #expect(try await service.artifacts.digest(of: "by-hand.tar") == .sha256(of: [3, 4]))
        }
    }
}
