import FoundationEssentials
import Glibc
import HTTPTypes
import JSON
import PackagerCore
import Transfer

/// Packager's HTTP API as the commands use it.
struct APIClient: Sendable {
    private let http: HTTPClient
    private let baseURL: String
    private let token: String?

    init(_ options: ServerOptions) throws {
        http = try HTTPClient()
        baseURL = options.resolvedURL
        token = options.resolvedToken
    }

    func packagings() async throws -> [JSONValue] {
        try await call(.get, "/packaging").arrayValue ?? []
    }

    func packaging(_ id: String) async throws -> JSONValue {
        try await call(.get, "/packaging/\(Self.escape(id))")
    }

    /// Creates a packaging, or replaces and reruns the one with its id.
    func createOrUpdate(_ packaging: ModelPackaging) async throws {
        do {
            _ = try await call(.post, "/packaging", body: packaging)
        } catch let error as APIError where error.status == 409 {
            _ = try await call(.put, "/packaging", body: packaging)
        }
    }

    /// - Returns: what the server says about it.
    func deletePackaging(_ id: String) async throws -> String {
        try await call(.delete, "/packaging/\(Self.escape(id))")["message"]?.stringValue ?? "\(id) was deleted"
    }

    /// Prints a log as it comes; with `follow` until the packaging has ended.
    func printLog(of id: String, follow: Bool) async throws {
        let response = try await http.stream(request(.get, "/packaging/\(Self.escape(id))/log?follow=\(follow)"))
        guard response.head.status.code == 200 else {
            var body: [UInt8] = []
            for try await chunk in response.body { body += chunk }
            throw APIError(response.head.status.code, body, from: baseURL)
        }
        var rest: [UInt8] = []
        for try await chunk in response.body {
            rest += chunk
            // Blank lines only keep the connection alive.
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                if end > 0 { print(String(decoding: rest[..<end], as: UTF8.self)) }
                rest.removeFirst(end + 1)
            }
            // A pipe gets each line when it comes, too.
            fflush(nil)
        }
        if !rest.isEmpty { print(String(decoding: rest, as: UTF8.self)) }
    }

    /// The status of a packaging once it has ended; a log that broke off is not the end.
    func waitForEnd(of id: String) async throws -> JSONValue {
        while true {
            let status = try await packaging(id)["status"] ?? .null
            if let state = status["state"]?.stringValue.flatMap(ModelPackaging.State.init), state.isTerminal {
                return status
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    private func call(_ method: HTTPRequest.Method, _ path: String) async throws -> JSONValue {
        try await answer(to: request(method, path))
    }

    private func call(_ method: HTTPRequest.Method, _ path: String, body: some Encodable) async throws -> JSONValue {
        var request = request(method, path)
        request.headers[.contentType] = "application/json"
        request.body = .bytes(Array(try CanonicalJSON.encode(body)))
        return try await answer(to: request)
    }

    private func answer(to request: TransferRequest) async throws -> JSONValue {
        let response = try await http.send(request, limit: 256 << 20)
        guard (200..<300).contains(response.head.status.code) else {
            throw APIError(response.head.status.code, response.body, from: baseURL)
        }
        do {
            return try CanonicalJSON.decode(from: Data(response.body))
        } catch {
            throw CommandError("\(baseURL) does not answer with JSON; is it the address of a Packager server?")
        }
    }

    private func request(_ method: HTTPRequest.Method, _ path: String) -> TransferRequest {
        var request = TransferRequest(method, url: baseURL + path)
        if let token { request.headers[.authorization] = "Bearer \(token)" }
        return request
    }

    private static func escape(_ id: String) -> String {
        let kept = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
        return id.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return kept.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}

/// The server's refusal, in its own words.
struct APIError: Error, CustomStringConvertible {
    var status: Int
    var description: String

    init(_ status: Int, _ body: [UInt8], from server: String) {
        self.status = status
        let message = (try? CanonicalJSON.decode(JSONValue.self, from: Data(body)))?["message"]?.stringValue
        description = message ?? "\(server) answers with the status \(status); is it the address of a Packager server?"
    }
}
