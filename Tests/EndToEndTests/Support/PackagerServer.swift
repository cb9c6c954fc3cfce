import FileSystem
import FoundationEssentials
import JSON
import SystemPackage

/// `packager serve`, as its HTTP clients see it.
struct PackagerServer: Sendable {
    var url: String
    var data: FilePath
    var daemon: Daemon

    func upload(_ artifact: FilePath, as name: String) async throws {
        let answer = try await http("PUT", "\(url)/artifact/\(name)", upload: artifact)
        guard (200..<300).contains(answer.status) else {
            throw EndToEndError("\(answer.request): \(answer.status) \(answer.body)")
        }
    }

    func createConnection(_ id: String, to host: String, password: String = TestRegistry.password) async throws {
        let secret = Data(password.utf8).base64EncodedString()
        _ = try await http(
            "POST",
            "\(url)/connection",
            json: [
                "id": .string(id),
                "spec": [
                    "type": "docker", "uri": .string(host), "username": .string(TestRegistry.username),
                    "password": .string(secret),
                ],
            ]
        ).json()
    }

    /// Asks for a packaging; an answer in the 200s is not a condition.
    func post(_ packaging: Packaging) async throws -> HTTPAnswer {
        try await http("POST", "\(url)/packaging", json: packaging.json)
    }

    func status(of id: String) async throws -> JSONValue {
        let packaging = try await http("GET", "\(url)/packaging/\(id)").json()
        guard let status = packaging["status"] else { throw EndToEndError("no status in \(packaging)") }
        return status
    }

    /// The job's log as far as it has come, or to its end.
    func log(of id: String, follow: Bool = false) async throws -> String {
        try await http("GET", "\(url)/packaging/\(id)/log?follow=\(follow)", within: 300).body
    }

    /// Waits until the job has ended, well or not.
    func outcome(of id: String, within limit: Duration = .seconds(300)) async throws -> JSONValue {
        var status: JSONValue = .null
        try await eventually("\(id) ends", within: limit, every: .milliseconds(100)) {
            status = try await self.status(of: id)
            return ["succeeded", "failed"].contains(status["state"]?.stringValue)
        }
        return status
    }

    /// Packages and waits for the image.
    func package(_ packaging: Packaging) async throws -> PackagedImage {
        _ = try await post(packaging).json()
        let log = try await log(of: packaging.id, follow: true)
        let status = try await outcome(of: packaging.id)
        guard status["state"] == "succeeded" else { throw EndToEndError("\(packaging.id): \(status)\n\(log)") }
        return try PackagedImage(status: status)
    }
}

/// A request for `POST /packaging`.
struct Packaging: Sendable {
    var id: String
    var integration = "docker-rest"
    var artifact = "wine.zip"
    /// Where the image goes: a repository with a tag.
    var image: String
    var base: String
    /// What the server in the image listens on.
    var port: Int
    /// The registry to push to and to pull the base from; nil for the server's own store.
    var connection: String? = "registry"
    /// The Dockerfile's template of the builder "docker"; "" for the integration's own, nil for the native builder.
    var template: String?

    var json: JSONValue {
        var arguments: [String: JSONValue] = [
            "imageName": .string(image), "dockerfileBaseImage": .string(base),
        ]
        if let template {
            arguments["builder"] = "docker"
            if !template.isEmpty { arguments["dockerfileTemplate"] = .string(template) }
        }
        if integration == "docker-rest" { arguments["port"] = .integer(Int64(port)) }
        var spec: [String: JSONValue] = [
            "artifactName": .string(artifact),
            "integrationName": .string(integration),
            "arguments": .object(arguments),
        ]
        if let connection {
            spec["targets"] = [
                ["name": "docker-push", "connectionName": .string(connection)],
                ["name": "docker-pull", "connectionName": .string(connection)],
            ]
        }
        return ["id": .string(id), "spec": .object(spec)]
    }
}

/// What a packaging gave.
struct PackagedImage: Sendable, Equatable {
    /// Host, repository and tag.
    var reference: String
    /// The manifest's.
    var digest: String

    init(status: JSONValue) throws {
        let results = status["results"]?.arrayValue ?? []
        guard results.count >= 2, results[0]["name"] == "image", results[1]["name"] == "digest",
            let reference = results[0]["value"]?.stringValue, let digest = results[1]["value"]?.stringValue
        else { throw EndToEndError("results are not image and digest: \(status)") }
        self.reference = reference
        self.digest = digest
    }

    /// The reference that always means this very image.
    var pinned: String {
        let name = reference.lastIndex(of: ":").map { reference[..<$0] } ?? reference[...]
        return "\(name)@\(digest)"
    }
}

/// Runs a server on a data directory.
func withPackagerServer<Value: Sendable>(
    data: FilePath,
    port: Int,
    log: FilePath,
    flags: [String] = [],
    _ body: @Sendable (PackagerServer) async throws -> Value
) async throws -> Value {
    let url = "http://127.0.0.1:\(port)"
    return try await withDaemon(
        "packager",
        ["serve", "--data", data.string, "--host", "127.0.0.1", "--port", "\(port)"] + flags,
        log: log,
        isReady: { _ in try await http("GET", "\(url)/health").status == 200 },
        { daemon in try await body(PackagerServer(url: url, data: data, daemon: daemon)) }
    )
}
