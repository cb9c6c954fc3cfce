import FoundationEssentials
import JSON
import PythonLayers
import SystemPackage

/// A program that solves environments: micromamba or mamba, or rattler, the library under pixi, from PyPI.
struct CondaSolver: Sendable {
    enum Tool: Sendable, Hashable {
        /// A Python with `py-rattler`, as it is started.
        case rattler([String])
        case mamba(String)
    }

    var tool: Tool
    /// What tells its answers from another's.
    var version: String

    /// Of the release that is fetched from PyPI where no solver is installed.
    static let rattlerVersion = "0.28.0"

    struct Request: Sendable, Hashable, Codable {
        /// URLs.
        var channels: [String]
        var specs: [String]
        var platform: String
        var virtualPackages: [String]
        /// Where indexes of channels are kept.
        var cache: String
        /// Whether the channels are asked, whatever is kept.
        var refresh: Bool
    }

    /// - Throws: ``CondaError`` `unsolvable` with the solver's reason, `solverFailed`, `invalidLock`.
    func solve(_ request: Request, withoutCounterpart: [String] = []) async throws -> CondaLock {
        let result: Command.Result
        switch tool {
        case .rattler(let command):
            let text = String(decoding: try CanonicalJSON.encode(request), as: UTF8.self)
            result = try await Command.run(
                command + ["-c", RattlerProgram.text],
                environment: ["UV_PYTHON_DOWNLOADS": "never", "PYTHONPATH": nil, "PYTHONHOME": nil],
                input: text
            )
        case .mamba(let program):
            result = try await Command.run(
                [program] + MambaDryRun.arguments(request),
                environment: MambaDryRun.environment(request)
            )
        }
        let answer = try? CanonicalJSON.decode(JSONValue.self, from: Data(result.output.utf8))
        guard result.succeeded, let answer else { throw failure(result, answer, request, withoutCounterpart) }
        switch tool {
        case .rattler: return try CondaLock(records: answer)
        case .mamba: return try CondaLock(records: MambaDryRun.records(answer))
        }
    }

    private func failure(
        _ result: Command.Result,
        _ answer: JSONValue?,
        _ request: Request,
        _ withoutCounterpart: [String]
    ) -> CondaError {
        var reason = answer?["solver_problems"]?.arrayValue?.compactMap(\.stringValue).joined(separator: "; ") ?? ""
        if reason.isEmpty { reason = answer?["message"]?.stringValue ?? result.error }
        let lines = reason.split(whereSeparator: \.isNewline).map { $0.drop { " │├└─×╰".contains($0) } }
        let text = lines.filter { !$0.isEmpty }.joined(separator: " ")
        var shown = text.count > 700 ? text.prefix(700) + " …" : text
        if !withoutCounterpart.isEmpty {
            shown +=
                "; Conda is asked since no counterpart on PyPI is known of \(withoutCounterpart.joined(separator: ", ")): "
                + "what the model needs of it can be listed under pip with PyPI's name"
        }
        let isUnsolvable = answer?["solver_problems"] != nil || reason.contains("Cannot solve the request")
        let channels = request.channels.joined(separator: ", ")
        return isUnsolvable
            ? CondaError(.unsolvable, "the Conda packages cannot be had together from \(channels): \(shown)")
            : CondaError(.solverFailed, "the Conda environment cannot be solved with \(channels): \(shown)")
    }
}
