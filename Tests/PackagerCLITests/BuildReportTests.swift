import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import PackagerCore
import SystemPackage
import Testing

@testable import PackagerCLI

/// What a person and a program read of a build.
@Suite struct BuildReportTests {
    private func row(_ name: String, _ size: Int64, _ provenance: Image.Provenance) -> Image.LayerRow {
        let digest = Digest.sha256(of: Array(name.utf8))
        let descriptor = Descriptor(mediaType: .ociLayer, digest: digest, size: size)
        return Image.LayerRow(
            layer: Layer(name: name, descriptor: descriptor, diffID: digest),
            provenance: provenance,
            source: NoSource(),
            seconds: 0
        )
    }

    private struct NoSource: ImageSource {
        var origin: ImageOrigin { .layout("/nowhere") }
        func manifest(_ selector: ManifestSelector) throws -> StoredManifest { throw CommandError("not used") }
        func blob(_ descriptor: Descriptor) throws -> BlobContent { throw CommandError("not used") }
    }

    private func image(
        _ integration: String,
        _ layers: [(row: Image.LayerRow, outcome: ImagePusher.Report.Outcome)]
    ) throws -> PackagedImage {
        let configuration = Descriptor(
            mediaType: .ociConfiguration,
            digest: .sha256(of: Array(integration.utf8)),
            size: 500
        )
        let blobs = layers.map {
            ImagePusher.Report.Blob(
                digest: $0.row.layer.descriptor.digest,
                size: $0.row.layer.descriptor.size,
                outcome: $0.outcome
            )
        }
        return PackagedImage(
            integration: integration,
            reference: try ImageReference(parsing: "registry.test/wine:1-\(integration)"),
            image: Image(
                manifest: StoredManifest(mediaType: .ociManifest, bytes: Data(integration.utf8)),
                configuration: ImageConfiguration(
                    platform: Platform(architecture: "amd64"),
                    execution: .init(),
                    diffIDs: [],
                    history: nil,
                    created: "1970-01-01T00:00:00Z"
                ),
                configurationDescriptor: configuration,
                configurationBytes: [],
                layers: layers.map(\.row)
            ),
            push: .init(
                blobs: blobs + [.init(digest: configuration.digest, size: 500, outcome: .uploaded)],
                seconds: 1
            ),
            steps: [.init(name: "assemble", seconds: 1.5), .init(name: "push", seconds: 0.25)]
        )
    }

    private func images() throws -> [PackagedImage] {
        let base = row("base python", 30_000_000, .base)
        let wheel = row("wheel numpy", 20_000_000, .cached)
        let weights = row("model weights.bin", 1_000_000_000, .built)
        return [
            try image(
                "rest",
                [
                    (base, .skipped), (wheel, .uploaded), (row("server", 2000, .built), .uploaded),
                    (weights, .uploaded),
                ]
            ),
            try image(
                "cli",
                [
                    (base, .skipped), (wheel, .mounted), (row("command", 1000, .built), .uploaded), (weights, .mounted),
                ]
            ),
        ]
    }

    @Test func imagesStandBesideEachOther() throws {
        let digests = ["base python", "wheel numpy", "command", "server", "model weights.bin"].map {
            Digest.sha256(of: Array($0.utf8)).short
        }
        #expect(
            try BuildReport(images()).text == """
                LAYER              SIZE     DIGEST        FROM    REST   CLI
                base python        30.0 MB  \(digests[0])  base    there  there
                wheel numpy        20.0 MB  \(digests[1])  cached  sent   mounted
                command            1.0 kB   \(digests[2])  built   -      sent
                server             2.0 kB   \(digests[3])  built   sent   -
                model weights.bin  1.0 GB   \(digests[4])  built   sent   mounted

                IMAGE  SIZE    SENT               MOUNTED  THERE  TIME
                rest   1.1 GB  1.0 GB in 4 blobs  0        1      assemble 1.5 s, push 0.25 s
                cli    1.1 GB  1.5 kB in 2 blobs  2        1      assemble 1.5 s, push 0.25 s

                3 of 5 layers, 1.1 GB, are in all 2 images; 1.0 GB were sent for all of them
                """
        )
    }

    @Test func oneImageSharesNothing() throws {
        let layer = row("server", 2000, .built)
        let text = try BuildReport([image("rest", [(layer, .skipped)])]).text
        #expect(
            text == """
                LAYER   SIZE    DIGEST        FROM   REST
                server  2.0 kB  \(layer.layer.descriptor.digest.short)  built  there

                IMAGE  SIZE    SENT             MOUNTED  THERE  TIME
                rest   2.5 kB  500 B in 1 blob  0        1      assemble 1.5 s, push 0.25 s
                """
        )
    }

    @Test func theDocumentSaysTheSame() throws {
        let document = try images()[1].document
        #expect(document["image"] == "registry.test/wine:1-cli")
        #expect(document["integration"] == "cli")
        #expect(document["size"] == 1_050_001_500)
        #expect(document["uploaded"] == ["blobs": 2, "bytes": 1500])
        #expect(document["mounted"] == ["blobs": 2, "bytes": 1_020_000_000])
        #expect(document["layers"]?[3]?["name"] == "model weights.bin")
        #expect(document["layers"]?[3]?["push"] == "mounted")
        #expect(document["steps"]?[0] == ["name": "assemble", "seconds": 1.5, "bytes": nil])
    }
}
