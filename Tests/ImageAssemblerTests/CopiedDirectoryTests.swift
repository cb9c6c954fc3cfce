import FileSystem
import Glibc
import ImageAssembler
import OCI
import SystemPackage
import Testing

@Suite("A directory of the host as a layer")
struct CopiedDirectoryTests {
    @Test func `Neither times, modes nor the place count`() async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            func layer(_ name: String, umask mask: mode_t, target: String = "opt/tool") async throws -> Layer {
                let source = directory.appending(name)
                try source.appending("bin").createDirectories()
                try source.appending("empty").createDirectories()
                try source.appending("bin/tool").write(Array("#!/bin/sh\n".utf8))
                try source.appending("notes").write(Array("é".utf8))
                _ = chmod(source.appending("bin/tool").string, 0o777 & ~mask)
                _ = chmod(source.appending("notes").string, 0o666 & ~mask)
                // Links lead where they lead in the image, out of the directory too.
                _ = symlink("/usr/bin/python3", source.appending("bin/python").string)
                _ = symlink("../../etc/tool", source.appending("settings").string)
                return try await LayerWriter(store: store, modified: 7).write(copyOf: source, as: target, name: "l")
            }
            let one = try await layer("one", umask: 0)
            #expect(try await layer("two", umask: 0o077) == one)
            let script = """
                import sys, tarfile
                for m in tarfile.open(sys.argv[1]): print(m.name, oct(m.mode), m.uid, m.mtime, m.linkname or "-")
                """
            let listing = try await tool(
                "python3",
                ["-X", "utf8", "-c", script, store.path(of: one.descriptor.digest).string]
            )
            #expect(
                listing == """
                    opt 0o755 0 7 -
                    opt/tool 0o755 0 7 -
                    opt/tool/bin 0o755 0 7 -
                    opt/tool/bin/python 0o777 0 7 /usr/bin/python3
                    opt/tool/bin/tool 0o755 0 7 -
                    opt/tool/empty 0o755 0 7 -
                    opt/tool/notes 0o644 0 7 -
                    opt/tool/settings 0o777 0 7 ../../etc/tool

                    """
            )
            let root = try await layer("three", umask: 0, target: "")
            #expect(root.diffID != one.diffID)
        }
    }

    @Test func `A file by itself`() async throws {
        try await withTestDirectory { directory in
            let store = try await OCILayout.open(directory.appending("store"))
            let file = directory.appending("file")
            try file.write([1, 2, 3])
            let layer = try await LayerWriter(store: store).write(copyOf: file, as: "etc/tool.conf", name: "l")
            let listing = try await tool("tar", ["-tf", store.path(of: layer.descriptor.digest).string])
            #expect(listing == "etc/\netc/tool.conf\n")
            await #expect(throws: FileSystemError.self) {
                try await LayerWriter(store: store).write(copyOf: directory.appending("none"), as: "x", name: "l")
            }
        }
    }
}
