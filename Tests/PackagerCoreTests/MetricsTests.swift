import ImageAssembler
import OCI
import Testing

@testable import PackagerCore

/// What is counted of a process's jobs.
@Suite struct MetricsTests {
    private func row(_ name: String, _ provenance: Image.Provenance, _ store: OCILayout) -> Image.LayerRow {
        let digest = Digest.sha256(of: name.utf8)
        return Image.LayerRow(
            layer: Layer(
                name: name,
                descriptor: Descriptor(mediaType: .ociLayerGzip, digest: digest, size: Int64(name.utf8.count)),
                diffID: digest
            ),
            provenance: provenance,
            source: store.wholeRepository,
            seconds: 0
        )
    }

    @Test func runsAreCountedWithTheirStepsLayersAndBytes() async throws {
        try await withService { service in
            try await service.uploadSample()
            _ = try await service.create(.sample())
            _ = try await service.create(.sample("bad"))
            _ = try await service.create(.sample("later"))
            let made = ScriptedRunner(telling: { progress in
                progress.begin("assemble")
                let rows = [
                    row("base", .base, service.store), row("found", .cached, service.store),
                    row("new", .built, service.store),
                ]
                progress.setLayers(rows)
                progress.begin("push")
                let outcomes: [ImagePusher.Report.Outcome] = [.mounted, .skipped, .uploaded]
                let blobs = zip(rows, outcomes).map { row, outcome in
                    ImagePusher.Report.Blob(
                        digest: row.layer.descriptor.digest,
                        size: row.layer.descriptor.size,
                        outcome: outcome
                    )
                }
                progress.set(ImagePusher.Report(blobs: blobs, seconds: 0))
                return []
            })
            try await Worker(service, runner: made, logger: quiet).run(only: "wine")
            let failing = ScriptedRunner(telling: { progress in
                progress.begin("inspect")
                throw ServiceError(.invalid, "no")
            })
            try await Worker(service, runner: failing, logger: quiet).run(only: "bad")
            let lines = try await service.metricsText.split(separator: "\n")
            for line in [
                #"packager_packagings{state="succeeded"} 1"#, #"packager_packagings{state="failed"} 1"#,
                #"packager_packagings{state="scheduling"} 1"#, "packager_queue_depth 1",
                #"packager_attempts_total{outcome="succeeded"} 1"#, #"packager_attempts_total{outcome="failed"} 1"#,
                #"packager_attempts_total{outcome="stopped"} 0"#,
                #"packager_step_seconds_count{step="assemble",state="succeeded"} 1"#,
                #"packager_step_seconds_count{step="push",state="succeeded"} 1"#,
                #"packager_step_seconds_count{step="inspect",state="failed"} 1"#,
                #"packager_layers_total{from="base"} 1"#, #"packager_layers_total{from="cached"} 1"#,
                #"packager_layer_bytes_total{from="built"} 3"#, #"packager_layer_bytes_total{from="cached"} 5"#,
                #"packager_blob_bytes_total{outcome="mounted"} 4"#, #"packager_blob_bytes_total{outcome="skipped"} 5"#,
                #"packager_blob_bytes_total{outcome="uploaded"} 3"#, #"packager_blobs_total{outcome="uploaded"} 1"#,
            ] {
                #expect(lines.contains { $0 == line }, "\(line)")
            }
        }
    }

    @Test func jobsThatRunDoNotWait() async throws {
        try await withService { service in
            try await service.uploadSample()
            for id in ["a", "b"] { _ = try await service.create(.sample(id)) }
            _ = try #require(try await service.database.claimJob(lasting: 60))
            #expect(
                try await service.database.jobCounts()
                    == .init(packagings: [.scheduling: 1, .running: 1], waiting: 1, running: 1)
            )
            try await service.deletePackaging("a")
            #expect(
                try await service.database.jobCounts() == .init(packagings: [.scheduling: 1], waiting: 1, running: 1)
            )
        }
    }
}
