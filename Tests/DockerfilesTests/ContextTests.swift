import FileSystem
import Glibc
import ImageAssembler
import OCI
import SystemPackage
import Testing

@testable import Dockerfiles
@testable import PythonLayers

/// Whole contexts on disk.
@Suite struct ContextTests {
    private func withContexts(_ body: (FilePath, BuildContext, FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "contexts") { directory in
            let links = directory.appending("links")
            try links.createDirectories()
            try await makeWheels(in: links, [("tiny", "1.0"), ("gunicorn", "23.0.0"), ("pip", "25.0.1")])
            var settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.appending("cache"))
            settings.indexes = PackageIndexes(findLinks: [links.string], noIndex: true)
            let generator = PythonEnvironmentGenerator(settings: settings) { request, _ in
                throw PythonEnvironmentError(.downloadFailed, "the test asked for \(request.url)")
            }
            let artifact = directory.appending("artifact")
            try artifact.appending("code").createDirectories()
            try artifact.appending(".dockerignore").writeAtomically("*".utf8)
            try artifact.appending("code/$HOME *.py").writeAtomically(
                "x = 1\n".utf8,
                permissions: .ownerReadWriteExecute
            )
            try #require(symlink("code/$HOME *.py", artifact.appending("link").string) == 0)
            try await body(directory, contexts(generator, in: directory), artifact)
        }
    }

    /// Path, kind, mode, time and content of everything below a directory.
    private func state(of directory: FilePath, below path: String = "") throws -> [String] {
        try directory.entries().flatMap { name -> [String] in
            let file = directory.appending(name)
            let identity = try FileIdentity(of: file, followingLinks: false)
            let mode = String(identity.mode, radix: 8)
            var lines = ["\(path)\(name.string) \(mode) \(identity.modified)"]
            if identity.isDirectory { lines += try state(of: file, below: "\(path)\(name.string)/") }
            if identity.isRegularFile { lines[0] += " \(try file.readAll())" }
            return lines
        }
    }

    @Test func isTheSameEveryTimeAndLeavesTheArtifactAlone() async throws {
        try await withContexts { directory, context, artifact in
            let before = try state(of: artifact)
            for name in ["one", "two"] {
                let target = directory.appending(name)
                try await context.write(
                    recipe(),
                    on: baseImage(),
                    artifact: artifact,
                    to: target,
                    options: options(),
                    logger: quiet
                )
            }
            let state = try state(of: directory.appending("one"))
            #expect(try self.state(of: directory.appending("two")) == state)
            #expect(try self.state(of: artifact) == before)
            for line in state {
                #expect(
                    ["40755", "100644", "100755", "120777"].contains { line.contains(" \($0) 0") },
                    "\(line.prefix(90))"
                )
            }
            let names = state.map { $0.split(separator: " 1").first.map(String.init) ?? "" }
            for name in [
                "Dockerfile", ".dockerignore", "requirements.txt", "wheels/tiny-1.0-py3-none-any.whl",
                "files/wrapper/opt/packager/packager_serving/wsgi.py", "model/.dockerignore",
                "model/code/$HOME *.py",
                "model/link",
            ] {
                #expect(names.contains(name), "\(name) in \(names)")
            }
            #expect(!names.contains { $0.hasPrefix(".context") })
            #expect(try directory.entries().allSatisfy { !$0.string.hasPrefix(".context") })
        }
    }

    @Test func requirementsHoldTheHashesOfTheWheels() async throws {
        try await withContexts { directory, context, artifact in
            let target = directory.appending("context")
            try await context.write(
                recipe(),
                on: baseImage(),
                artifact: artifact,
                to: target,
                options: options(),
                logger: quiet
            )
            var expected = "# Locked for the base image: pip installs these files and no others.\n"
            for (name, version) in [("gunicorn", "23.0.0"), ("tiny", "1.0")] {
                let wheel = target.appending("wheels/\(name)-\(version)-py3-none-any.whl")
                let digest = try FileHash.digest(of: wheel, flag: CancellationFlag())
                expected += "\(name)==\(version) \\\n    --hash=sha256:\(digest.hexadecimal)\n"
            }
            #expect(String(decoding: try target.appending("requirements.txt").readAll(), as: UTF8.self) == expected)
        }
    }

    @Test func aDirectoryWithSomethingInItIsReplacedOnlyByForce() async throws {
        try await withContexts { directory, context, artifact in
            let target = directory.appending("context")
            try target.appending("model").createDirectories()
            try target.appending("model/old").writeAtomically("old".utf8)
            try target.appending("notes").writeAtomically("mine".utf8)
            let before = try state(of: target)
            var options = try options()
            let error = await #expect(throws: DockerfileError.self) {
                try await context.write(
                    recipe(),
                    on: baseImage(),
                    artifact: artifact,
                    to: target,
                    options: options,
                    logger: quiet
                )
            }
            #expect(error?.code == .directoryNotEmpty)
            #expect(try state(of: target) == before)

            options.force = true
            try await context.write(
                recipe(),
                on: baseImage(),
                artifact: artifact,
                to: target,
                options: options,
                logger: quiet
            )
            #expect(!target.appending("model/old").exists)
            #expect(target.appending("notes").exists && target.appending("Dockerfile").exists)
        }
    }

    @Test func aFailureLeavesNothing() async throws {
        try await withContexts { directory, context, artifact in
            try artifact.appending("out").removeTree()
            try #require(symlink("/etc/passwd", artifact.appending("out").string) == 0)
            let target = directory.appending("context")
            await #expect(throws: (any Error).self) {
                try await context.write(
                    recipe(),
                    on: baseImage(),
                    artifact: artifact,
                    to: target,
                    options: options(),
                    logger: quiet
                )
            }
            #expect(!target.exists)
            #expect(try directory.entries().allSatisfy { !$0.string.hasPrefix(".context") })
        }
    }
}
