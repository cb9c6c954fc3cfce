import FileSystem
import SystemPackage
import Testing

extension EndToEnd {
    /// What an image is called, and where and when it is made, is not in its digest.
    @Suite struct Digests {
        @Test func nothingButTheContentCounts() async throws {
            let world = try World.current
            try await withTemporaryDirectory(in: world.directory) { directory in
                let files = try SumsModel.files(weights: Array(repeating: 7, count: 100_000))
                let here = directory.appending("here")
                try SumsModel.write(files, to: here)
                let first = try await digests(of: here, as: "first:1", data: directory.appending("data"))
                #expect(Set(first).count == 3)

                // Another name, and the other layers' images beside it.
                #expect(try await digests(of: here, as: "again:2", data: directory.appending("data")) == first)

                // Another data directory, working directory, home, locale, time zone and umask; an archive in which the
                // files are older and in another order.
                let there = directory.appending("there/with a space")
                try SumsModel.write(files, to: there)
                let names = files.map(\.path).sorted(by: >)
                try await command(
                    "touch",
                    ["--date", "2001-02-03 04:05:06"] + names.map { there.appending($0).string }
                )
                .succeeded()
                try await command("chmod", ["--recursive", "go-rwx", there.string]).succeeded()
                let archive = directory.appending("there/model.zip")
                try await command("env", ["--chdir", there.string, "zip", "--quiet", archive.string] + names)
                    .succeeded()
                let elsewhere = try await digests(
                    of: archive,
                    as: "elsewhere/of/another:name",
                    data: directory.appending("there/data"),
                    environment: [
                        "HOME": there.string, "LC_ALL": "tr_TR.UTF-8", "LANG": "C", "TZ": "Asia/Kathmandu",
                        "SOURCE_DATE_EPOCH": nil,
                    ],
                    in: there
                )
                #expect(elsewhere == first)
            }
        }

        /// Builds an image by each integration into the data directory's own store.
        private func digests(
            of artifact: FilePath,
            as name: String,
            data: FilePath,
            environment: [String: String?] = [:],
            in directory: FilePath? = nil
        ) async throws -> [String] {
            let world = try World.current
            let parts = name.split(separator: ":")
            let arguments = [
                "build", artifact.string, "--integration", "docker-rest,docker-cli,docker-triton",
                "--tag", "\(parts[0])-{{ Integration }}:\(parts[1])", "--base", world.base, "--data", data.string,
            ]
            var environment = environment
            environment["DOCKER_CONFIG"] = world.registry.credentials.string
            let built: CommandResult
            if let directory {
                let script = #"umask 077 && cd "$1" && shift && exec "$@""#
                built = try await command(
                    "sh",
                    ["-c", script, "sh", directory.string, Project.packager.string] + arguments,
                    environment: environment
                )
            } else {
                built = try await command("packager", arguments, environment: environment)
            }
            return try built.succeeded().output.split(separator: "\n").map { line in
                guard let at = line.lastIndex(of: "@") else { throw EndToEndError("no image: \(line)") }
                return String(line[at...])
            }
        }
    }
}
