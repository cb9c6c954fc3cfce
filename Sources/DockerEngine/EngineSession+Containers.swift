import FoundationEssentials
import HTTPTypes
import JSON
import Transfer

/// How a container stands.
package struct ContainerState: Sendable, Hashable {
    package var exitCode: Int
    /// The kernel ended it for what memory it used.
    package var isOutOfMemory: Bool
}

extension EngineSession {
    /// Makes a container that does not run yet.
    ///
    /// - Parameter name: unique in the engine; what it is spoken of by from now on.
    /// - Returns: what the engine warns of, such as limits that it cannot apply.
    package func createContainer(_ name: String, _ request: ContainerRequest) async throws -> [String] {
        let body = try CanonicalJSON.encode(request.document)
        var call = call(.post, "/containers/create?name=\(name.queryEncoded)", body: .bytes(Array(body)))
        call.headers[.contentType] = "application/json"
        let answer = try await transferring { try await engine.json(of: engine.http.send(call)) }
        return (answer["Warnings"]?.arrayValue ?? []).compactMap(\.stringValue).map { PlainText.line($0) }
    }

    package func startContainer(_ name: String) async throws {
        try await expectSuccess(of: call(.post, "/containers/\(Self.path(name))/start"))
    }

    /// Hands out a started container's output line by line, as it comes, until the container ends.
    package func followLog(of name: String, _ report: @Sendable (String) -> Void) async throws {
        let target = "/containers/\(Self.path(name))/logs?follow=1&stdout=1&stderr=1"
        try await transferring {
            let answer = try await engine.http.stream(call(.get, target))
            guard answer.head.status == .ok else { throw try await refusal(answer) }
            var frames = LogFrames()
            do {
                for try await chunk in answer.body {
                    for line in try frames.take(chunk) { report(line) }
                }
                for line in try frames.finish() { report(line) }
            } catch let error as LogFrames.Malformed {
                throw engine.malformed(error.reason)
            }
        }
    }

    /// Waits until a started container has ended.
    package func waitForContainer(_ name: String) async throws -> ContainerState {
        try await expectSuccess(of: call(.post, "/containers/\(Self.path(name))/wait"))
        let answer = try await transferring {
            try await engine.json(of: engine.http.send(call(.get, "/containers/\(Self.path(name))/json")))
        }
        guard let state = answer["State"], let code = state["ExitCode"]?.integerValue else {
            throw engine.malformed("no exit code of a container")
        }
        return ContainerState(
            exitCode: Int(truncatingIfNeeded: code),
            isOutOfMemory: state["OOMKilled"]?.boolValue ?? false
        )
    }

    /// Unpacks a tar into a container.
    ///
    /// - Parameter path: of a directory in the container.
    package func unpack(
        _ tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        into name: String,
        at path: String
    ) async throws {
        var call = call(
            .put,
            "/containers/\(Self.path(name))/archive?path=\(path.queryEncoded)",
            body: .stream(tar, length: nil)
        )
        call.headers[.contentType] = "application/x-tar"
        try await expectSuccess(of: call)
    }

    /// A file or directory of a container as a tar; nil where there is none at this path. A link is not followed.
    package func packed(
        _ path: String,
        of name: String
    ) async throws -> (any AsyncSequence<[UInt8], any Error> & Sendable)? {
        let target = "/containers/\(Self.path(name))/archive?path=\(path.queryEncoded)"
        let answer = try await transferring { try await engine.http.stream(call(.get, target)) }
        if answer.head.status == .notFound { return nil }
        guard answer.head.status == .ok else { throw try await refusal(answer) }
        return answer.body
    }

    /// Ends a container that runs, and removes it with its volumes; one that there is not is fine.
    package func removeContainer(_ name: String) async throws {
        var call = call(.delete, "/containers/\(Self.path(name))?force=1&v=1")
        call.idleTimeout = .seconds(60)
        // 409: someone else is removing it already.
        try await expectSuccess(of: call, besides: [.notFound, .conflict])
    }

    /// The ids of all containers, running or not, that have every one of some labels.
    package func containers(labelled labels: [String: String]) async throws -> [String] {
        let pairs = labels.sorted { $0.key < $1.key }.map { JSONValue.string("\($0.key)=\($0.value)") }
        let filter = try CanonicalJSON.encode(JSONValue.object(["label": .array(pairs)]))
        let query = "all=1&filters=\(String(decoding: filter, as: UTF8.self).queryEncoded)"
        let answer = try await transferring {
            try await engine.json(of: engine.http.send(call(.get, "/containers/json?\(query)")))
        }
        return (answer.arrayValue ?? []).compactMap { $0["Id"]?.stringValue }
    }

    private func expectSuccess(
        of call: TransferRequest,
        besides others: [HTTPResponse.Status] = []
    ) async throws {
        let answer = try await transferring { try await engine.http.send(call) }
        // 304: it has started, or stopped, already.
        let isFine = answer.head.status.kind == .successful || answer.head.status == .notModified
        guard isFine || others.contains(answer.head.status) else {
            throw engine.refusal(answer.head.status.code, answer.body)
        }
    }
}
