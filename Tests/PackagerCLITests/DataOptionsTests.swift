import ArgumentParser
import FileSystem
import PackagerCore
import SystemPackage
import Testing

@testable import PackagerCLI

@Suite struct DataOptionsTests {
    /// Python and uv run in directories of their own, where a relative path would be another.
    @Test func relativeDataDirectoryIsMadeAbsolute() throws {
        let options = try DataOptions.parse(["--data", "some/where"])
        #expect(options.directory.path == FilePath("some/where").absolute)
        #expect(options.directory.path.isAbsolute && options.directory.path.string.hasSuffix("/some/where"))
    }

    @Test func absoluteDataDirectoryIsTakenAsItIs() throws {
        #expect(try DataOptions.parse(["--data", "/var/lib/packager"]).directory.path == "/var/lib/packager")
    }
}
