import FileSystem
import Glibc
import ImageAssembler
import OCI
import SystemPackage
import Testing

/// A layer much larger than the memory that making it may take.
@Suite struct LayerMemoryTests {
    @Test("3 GiB in flat memory", arguments: [LayerCompression.stored])
    func flat(compression: LayerCompression) async throws {
        try await withTestDirectory { directory in
            var store = try await OCILayout.open(directory.appending("store"))
            store.synchronizesLargeBlobs = false
            let size: Int64 = 3 << 30
            let file = try sparseFile(in: directory, size: size)
            let before = try peakMemory()
            let entry = LayerEntry(path: "f", kind: .file(file, size: size, executable: false))
            let layer = try await LayerWriter(store: store).write([entry], name: "l", compression: compression)
            #expect(layer.descriptor.size == 512 + size + 1024)
            #expect(try peakMemory() - before < 150 << 20)
        }
    }

    /// The most memory this process has had, in bytes.
    private func peakMemory() throws -> Int {
        let status = String(decoding: try FilePath("/proc/self/status").readAll(), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 1024
    }
}
