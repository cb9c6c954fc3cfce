import FoundationEssentials
import JSON
import OCI
import Registry
import Testing
import Transfer

/// CNCF Distribution has no API for referrers: they are found under the tag that the specification has for that.
@Suite struct ReferrersTests {
    @Test func referrersAreFoundUnderTheirTag() async throws {
        try await RegistryProcess.with { registry in
            let repository = try client().repository(for: ImageReference(parsing: "\(registry.address)/team/model"))
            let (config, bytes) = blob("{}")
            try await repository.put(config, .bytes(bytes))
            let image = try manifest(config: config, layers: [])
            try await repository.put(image, tag: "1")
            #expect(try await repository.referrers(of: image.descriptor.digest).isEmpty)

            var signatures: [Descriptor] = []
            for number in 0..<2 {
                var document = ImageManifest(config: config, layers: [], annotations: ["number": "\(number)"])
                document.artifactType = "application/vnd.test.signature"
                document.subject = image.descriptor
                let stored = StoredManifest(mediaType: .ociManifest, bytes: try CanonicalJSON.encode(document))
                try await repository.put(stored, tag: nil)
                var descriptor = stored.descriptor
                descriptor.artifactType = document.artifactType
                signatures.append(descriptor)
                // Once more changes nothing.
                try await repository.link(descriptor, to: image.descriptor.digest)
                try await repository.link(descriptor, to: image.descriptor.digest)
            }
            #expect(try await repository.referrers(of: image.descriptor.digest) == signatures)
        }
    }
}
