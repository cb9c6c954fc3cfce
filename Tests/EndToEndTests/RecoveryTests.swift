import FileSystem
import Glibc
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// A server that is stopped or killed in the middle of a job finishes it when it is started again.
    @Suite struct Recovery {
        @Test(arguments: [SIGKILL, SIGTERM], [1, 4])
        func jobRunsAgainAndEndsRight(signal: CInt, lines: Int) async throws {
            let world = try World.current
            let id = "interrupted-\(signal)-\(lines)"
            let image = "recovered:\(signal)-\(lines)"
            let expected = try await world.server.package(
                world.packaging("un\(id)", artifact: "sums.tar", image: image)
            )
            let data = world.directory.appending("recovery-data")
            let log = world.directory.appending("recovery.log")

            // Layers are made anew: there is something to interrupt.
            try data.appending("store").removeTree()
            // What a killed server has begun is taken over as soon as its lease runs out.
            let flags = ["--grace", "0.1", "--lease", "2"]
            try await withPackagerServer(data: data, port: world.sparePort, log: log, flags: flags) { server in
                if try await http("GET", "\(server.url)/connection/registry").status == 404 {
                    try await server.createConnection("registry", to: world.registry.host)
                }
                try await server.upload(world.sums, as: "sums.tar")
                _ = try await server.post(world.packaging(id, artifact: "sums.tar", image: image)).json()
                try await eventually("\(id) is at work", every: .milliseconds(5)) {
                    let written = try await server.log(of: id).split(separator: "\n").count
                    let state = try await server.status(of: id)["state"]?.stringValue
                    return written >= lines || state == "succeeded" || state == "failed"
                }
                server.daemon.send(signal)
                try await server.daemon.waitForExit()
            }
            try await withPackagerServer(data: data, port: world.sparePort, log: log, flags: flags) { server in
                let status = try await server.outcome(of: id)
                let log = try await server.log(of: id)
                #expect(status["state"] == "succeeded", "\(status)\n\(log)")
                #expect(try PackagedImage(status: status).digest == expected.digest, "\(log)")
                try await expectWholeStore(data)
            }
        }

        /// A job that cannot go on for want of space says so, and leaves nothing half written.
        @Test func fullDiskIsToldAndLeavesNothing() async throws {
            let world = try World.current
            let data = world.directory.appending("small")
            try data.createDirectories()
            try await command("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", data.string]).succeeded()
            defer { _ = umount2(data.string, CInt(MNT_DETACH)) }
            let log = world.directory.appending("small.log")
            try await withPackagerServer(data: data, port: world.sparePort, log: log) { server in
                try await server.createConnection("registry", to: world.registry.host)
                try await server.upload(world.gppi.artifact, as: "wine.zip")
                _ = try await server.post(world.packaging("crowded")).json()
                let status = try await server.outcome(of: "crowded")
                #expect(status["state"] == "failed")
                let message = status["message"]?.stringValue ?? ""
                #expect(message.contains("space") || message.contains("full"), "\(message)")
                #expect(try await http("GET", "\(server.url)/health").status == 200)
                try await expectWholeStore(data)
            }
        }
    }
}

/// Every blob of a store is what its name says, and nothing unfinished lies about.
func expectWholeStore(_ data: FilePath) async throws {
    let store = data.appending("store")
    if store.appending("ingest").exists { #expect(try store.appending("ingest").entries() == []) }
    let blobs = store.appending("blobs/sha256")
    guard blobs.exists else { return }
    for name in try blobs.entries() {
        let digest = try await command("sha256sum", [blobs.appending(name).string]).succeeded()
        #expect(digest.output.hasPrefix(name.string))
    }
}
