import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import FileSystem

struct FileContentsTests {
    @Test func aFileIsReplacedWhole() async throws {
        try await withTemporaryDirectory(in: "/tmp") { directory in
            let file = directory.appending("é-日本.txt")
            try file.writeAtomically("one".utf8)
            try file.writeAtomically("two".utf8, permissions: .ownerReadWrite)
            #expect(try file.readAll() == Array("two".utf8))
            #expect(try FileIdentity(of: file).mode & 0o777 == 0o600)
            #expect(try directory.entries().map(\.string) == ["é-日本.txt"])
        }
    }

    @Test func aFailedWriteLeavesNothing() async throws {
        try await withTemporaryDirectory(in: "/tmp") { directory in
            let target = directory.appending("taken")
            try target.appending("x").createDirectories()
            let error = #expect(throws: FileSystemError.self) { try target.writeAtomically("one".utf8) }
            #expect(error?.description.contains("taken") ?? false)
            #expect(try directory.entries().map(\.string) == ["taken"])
            #expect(throws: FileSystemError.self) { try directory.appending("no/file").writeAtomically([]) }
        }
    }

    @Test func aFileInTheWorkingDirectoryCanBeWritten() throws {
        let name = FilePath("file-\(UInt64.random(in: 0 ... .max))")
        defer { try? name.removeTree() }
        try name.writeAtomically("x".utf8)
        #expect(try name.readAll() == Array("x".utf8))
    }

    @Test func readingIsBounded() async throws {
        try await withTemporaryDirectory(in: "/tmp") { directory in
            let file = directory.appending("x")
            try file.writeAtomically(Array(repeating: 7, count: 600_000))
            #expect(try file.readAll(limit: 600_000).count == 600_000)
            let error = #expect(throws: FileSystemError.self) { _ = try file.readAll(limit: 599_999) }
            #expect(error?.errno == .fileTooLarge)
            #expect(throws: FileSystemError.self) { _ = try directory.appending("gone").readAll() }
        }
    }
}

struct DirectoryTests {
    @Test func removingATreeDoesNotFollowLinks() async throws {
        try await withTemporaryDirectory(in: "/tmp") { directory in
            let kept = directory.appending("kept/file")
            try kept.removingLastComponent().createDirectories()
            try kept.writeAtomically("x".utf8)
            let tree = directory.appending("tree")
            try tree.appending("a/ü").createDirectories()
            try tree.appending("a/ü/.hidden").writeAtomically("y".utf8)
            try link(to: directory.appending("kept"), at: tree.appending("a/link"))
            try link(to: "/nowhere", at: tree.appending("dangling"))
            try tree.removeTree()
            #expect(!tree.exists && kept.exists)
            try tree.removeTree()
            try link(to: directory.appending("kept"), at: tree)
            try tree.removeTree()
            #expect(!tree.exists && kept.exists)
        }
    }

    @Test func entriesAreSortedByTheirBytes() async throws {
        try await withTemporaryDirectory(in: "/tmp") { directory in
            for name in ["b", "B", "é", "a.b", "a", "..x", "日"] { try directory.appending(name).writeAtomically([]) }
            #expect(try directory.entries().map(\.string) == ["..x", "B", "a", "a.b", "b", "é", "日"])
            #expect(throws: FileSystemError.self) { _ = try directory.appending("a").entries() }
        }
    }

    @Test func directoriesAreCreatedWithTheirParents() async throws {
        try await withTemporaryDirectory(in: "/tmp") { directory in
            let path = directory.appending("a/b/c")
            try path.createDirectories()
            try path.createDirectories()
            #expect(path.isDirectory)
            try path.appending("file").writeAtomically([])
            #expect(throws: FileSystemError.self) { try path.appending("file/x").createDirectories() }
            // A file that stands where a directory should be is not one.
            #expect(throws: FileSystemError.self) { try path.appending("file").createDirectories() }
        }
    }

    @Test func aTemporaryDirectoryGoesHoweverItsBodyEnds() async throws {
        let seen = Mutex<FilePath?>(nil)
        await #expect(throws: Errno.self) {
            try await withTemporaryDirectory(in: "/tmp") { directory in
                seen.withLock { $0 = directory }
                try directory.appending("x/y").createDirectories()
                #expect(try FileIdentity(of: directory).mode & 0o777 == 0o700)
                throw Errno.ioError
            }
        }
        let stored = seen.withLock { $0 }
        let directory = try #require(stored)
        #expect(!directory.exists)
    }

    @Test func aFullDiskIsSaidPlainly() {
        #expect(FileSystemError("write", "/x", .noSpace).description.contains("the disk is full"))
    }
}

struct BlockingTests {
    @Test func cancellationRaisesTheFlag() async {
        let task = Task {
            try await withCancellableBlocking { flag in
                while true { try flag.check() }
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func manyBlockingCallsDoNotWaitForEachOther() async throws {
        // More than the cooperative pool has threads: each waits for all the others.
        let arrived = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await withCancellableBlocking { flag in
                        arrived.increment()
                        while arrived.value < 16 { try flag.check() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(arrived.value == 16)
    }
}

private func link(to target: FilePath, at path: FilePath) throws {
    let result = target.withPlatformString { target in path.withPlatformString { symlink(target, $0) } }
    try #require(result == 0)
}

private final class Counter: Sendable {
    private let stored = Mutex(0)

    func increment() { stored.withLock { $0 += 1 } }
    var value: Int { stored.withLock { $0 } }
}
