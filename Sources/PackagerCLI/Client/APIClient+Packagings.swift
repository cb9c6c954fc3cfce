import HTTPTypes
import JSON
import PackagerCore
import Transfer

extension APIClient {
    /// The lines of a packaging's log as they come; with `follow` until the packaging has ended. Blank lines, which only
    /// keep the connection alive, are left out.
    ///
    /// - Parameters:
    ///   - attempt: the log of this run; nil for the latest.
    ///   - line: gets each whole line.
    func readLog(of id: String, follow: Bool, attempt: Int? = nil, _ line: (String) -> Void) async throws {
        let run = attempt.map { "&attempt=\($0)" } ?? ""
        let path = "\(PackagingKind.path)/\(id.percentEncoded)/log?follow=\(follow)\(run)"
        let response = try await stream(request(.get, path))
        var rest: [UInt8] = []
        for try await chunk in response.body {
            rest += chunk
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                if end > 0 { line(String(decoding: rest[..<end], as: UTF8.self)) }
                rest.removeFirst(end + 1)
            }
        }
        if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
    }

    /// Waits until a packaging has ended.
    ///
    /// - Parameter line: gets each line of the log once, also when the connection broke meanwhile; nil leaves the log be.
    /// - Returns: its status.
    func followToEnd(of id: String, _ line: ((String) -> Void)? = nil) async throws -> JSONValue {
        var seen = 0
        while true {
            if let line {
                var number = 0
                do {
                    try await readLog(of: id, follow: true) { text in
                        number += 1
                        if number > seen { line(text) }
                        seen = max(seen, number)
                    }
                } catch let error as TransferError where error.isTransient {
                    // The state decides below whether there is more to come.
                }
            }
            let status = try await get(PackagingKind.self, id)["status"] ?? .null
            if let state = status["state"]?.stringValue.flatMap(ModelPackaging.State.init), state.isTerminal {
                return status
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// Ends a packaging that waits or runs.
    ///
    /// - Returns: what the server says about it.
    func cancel(_ id: String) async throws -> JSONValue {
        do {
            return try await call(.post, "\(PackagingKind.path)/\(id.percentEncoded)/cancel")
        } catch let error as APIError where error.status == 404 && !error.description.contains("\"\(id)\"") {
            throw CommandError("\(address.url) cannot cancel packagings: it is older than this program")
        }
    }
}
