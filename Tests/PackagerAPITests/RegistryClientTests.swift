import FileSystem
import HummingbirdTesting
import ImageAssembler
import JSON
import OCI
import Subprocess
import SystemPackage
import Testing

/// The store as another program sees it.
struct RegistryClientTests {
    @Test func skopeoInspectsAndCopies() async throws {
        try await APIFixture.run(.live) { fixture, client in
            let image = try await TestImage.put("team/wine:1", in: fixture.layout)
            let name = "docker://127.0.0.1:\(try #require(client.port))/team/wine"
            let inspected = try await skopeo("inspect", "--tls-verify=false", name + ":1")
            #expect(inspected["Digest"]?.stringValue == image.manifest.descriptor.digest.description)
            #expect(inspected["RepoTags"] == ["1"])

            let copy = fixture.data.appending("copy")
            let digest = image.manifest.descriptor.digest
            _ = try await skopeo(
                "copy",
                "--preserve-digests",
                "--src-tls-verify=false",
                "\(name)@\(digest)",
                "oci:\(copy):wine"
            )
            let layer = copy.appending("blobs").appending("sha256").appending(image.layer.digest.hexadecimal)
            #expect(try layer.readAll() == image.layerBytes)
        }
    }

    @Test func skopeoCannotPush() async throws {
        try await APIFixture.run(.live) { fixture, client in
            try await TestImage.put("wine:1", in: fixture.layout)
            let host = "docker://127.0.0.1:\(try #require(client.port))"
            await #expect(throws: SkopeoFailed.self) {
                try await skopeo(
                    "copy",
                    "--src-tls-verify=false",
                    "--dest-tls-verify=false",
                    "\(host)/wine:1",
                    "\(host)/other:1"
                )
            }
        }
    }
}

struct SkopeoFailed: Error {
    var standardError: String
}

private func skopeo(_ arguments: String...) async throws -> JSONValue {
    let result = try await Subprocess.run(
        .name("skopeo"),
        arguments: Arguments(["--insecure-policy"] + arguments),
        output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20)
    )
    guard result.terminationStatus.isSuccess else { throw SkopeoFailed(standardError: result.standardError) }
    return (try? CanonicalJSON.decode(from: .init(result.standardOutput.utf8))) ?? .null
}
