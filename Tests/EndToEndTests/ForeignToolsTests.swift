import FileSystem
import JSON
import SystemPackage
import Testing

extension EndToEnd {
    /// Tools that have nothing to do with this project accept the image.
    @Suite struct ForeignTools {
        @Test func skopeoAndUmociAcceptTheImage() async throws {
            let world = try World.current
            let image = try await world.server.package(world.packaging("foreign", artifact: "sums.tar"))
            let inspected = try await skopeo("inspect", "docker://\(image.pinned)").json
            #expect(inspected["Digest"]?.stringValue == image.digest)

            try await withTemporaryDirectory(in: world.directory) { directory in
                let layout = directory.appending("layout")
                _ = try await skopeo("copy", "docker://\(image.pinned)", "oci:\(layout):sums")
                let bundle = directory.appending("bundle")
                try await command("umoci", ["unpack", "--image", "\(layout):sums", bundle.string]).succeeded()
                for path in ["model/odahuflow.project.yaml", "opt/packager/gunicorn.conf.py", "opt/venv/pyvenv.cfg"] {
                    #expect(bundle.appending("rootfs").appending(path).exists, "\(path)")
                }
            }
        }

        @Test(arguments: ["oci", "docker-archive"])
        func exportedFileIsReadable(format: String) async throws {
            let world = try World.current
            let name = "exported-\(format)"
            let image = try await world.packageIntoOwnStore(name)
            try await withTemporaryDirectory(in: world.directory) { directory in
                let file = directory.appending("image.tar")
                try await world.packager(
                    "image",
                    "export",
                    "\(name):1",
                    file.string,
                    "--format",
                    format
                ).succeeded()
                let transport = format == "oci" ? "oci-archive" : format
                let inspected = try await command(
                    "skopeo",
                    ["--insecure-policy", "inspect", "--config", "\(transport):\(file)"]
                ).succeeded().json
                #expect(inspected["config"]?["Entrypoint"] != nil)
                if format == "docker-archive" {
                    let loaded = try await world.engine.docker("load", "--input", file.string)
                    #expect(loaded.output.contains("\(name):1"))
                } else {
                    let copied = try await command("skopeo", ["inspect", "\(transport):\(file)"]).succeeded().json
                    #expect(copied["Digest"]?.stringValue == image.digest)
                }
            }
        }
    }
}
