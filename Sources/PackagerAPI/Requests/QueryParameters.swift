import Hummingbird
import PackagerCore

/// The parameters of a request's query, each known to the route that reads them. The messages are ODAHU's.
struct QueryParameters {
    private var values: [String: [String]] = [:]

    /// - Parameter allowed: the names that the route knows.
    /// - Throws: ``APIError`` for any other name and for text that cannot be decoded.
    init(_ request: Request, allowed: Set<String> = []) throws {
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentDecoding.decode(parts[0], plusIsSpace: true),
                let value = PercentDecoding.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else { throw APIError(.badRequest, "the URL parameter \(parts[0]) is not percent-encoded UTF-8") }
            guard allowed.contains(name) else { throw APIError(.badRequest, "cannot find \(name) url parameter") }
            values[name, default: []].append(value)
        }
    }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// - Throws: ``APIError`` when the parameter is repeated.
    func single(_ name: String) throws -> String? {
        guard all(name).count <= 1 else { throw APIError(.badRequest, "the \(name) URL parameter must be only one") }
        return all(name).first
    }

    /// A whole number that is not negative.
    func number(_ name: String) throws -> Int? {
        guard let text = try single(name) else { return nil }
        guard let number = Int(text) else {
            let digits = text.drop { $0 == "-" || $0 == "+" }
            let outOfRange = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
            throw APIError(
                .badRequest,
                "strconv.Atoi: parsing \"\(text)\": \(outOfRange ? "value out of range" : "invalid syntax")"
            )
        }
        guard number >= 0 else { throw APIError(.badRequest, "the \(name) URL parameter must not be negative") }
        return number
    }

    /// A time in seconds, whole or not.
    func seconds(_ name: String, atMost limit: Int) throws -> Duration? {
        guard let text = try single(name) else { return nil }
        guard let seconds = Double(text), seconds >= 0, seconds <= Double(limit) else {
            throw APIError(.badRequest, "the \(name) URL parameter must be a number of seconds from 0 to \(limit)")
        }
        return .seconds(seconds)
    }

    /// In any of the spellings that Go's `ParseBool` and Python's pydantic read, in any case.
    func flag(_ name: String) throws -> Bool? {
        guard let text = try single(name) else { return nil }
        switch text.lowercased() {
        case "1", "t", "true", "y", "yes", "on": return true
        case "0", "f", "false", "n", "no", "off": return false
        default: throw APIError(.badRequest, "Convert \(text) to bool")
        }
    }

    /// `size` and `page`.
    func page(defaultSize: Int) throws -> Page {
        Page(size: try number("size") ?? defaultSize, index: try number("page") ?? 0)
    }
}
