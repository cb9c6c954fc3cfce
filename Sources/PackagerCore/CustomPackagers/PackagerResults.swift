import FoundationEssentials
import JSON

/// What a custom packager leaves in `result.json`: names and values, which become the packaging's results.
enum PackagerResults {
    static let file = "result.json"
    /// The most that are taken.
    private static let limit = 100

    /// The results, the image first, the others by name: clients read the first one.
    ///
    /// - Parameter bytes: the file's; nil where there is none.
    /// - Throws: ``PackagingError`` `noResults`.
    static func read(_ bytes: [UInt8]?) throws -> [ModelPackaging.Result] {
        guard let bytes else {
            throw failure("the packager left none: it has to write \(file) into its working directory before it ends")
        }
        let document: JSONValue
        do {
            document = try CanonicalJSON.decode(from: Data(bytes))
        } catch {
            throw failure("what the packager wrote is not JSON: it has to be {\"image\": \"…\"}")
        }
        guard let values = document.objectValue else {
            throw failure("it holds \(document.kind), not an object of names and values such as {\"image\": \"…\"}")
        }
        guard values.count <= limit else { throw failure("it holds \(values.count) values, more than \(limit)") }
        let results = try values.map { name, value in
            guard let text = value.resultText else {
                throw failure("\"\(name.prefix(80))\" is \(value.kind); values are strings")
            }
            return ModelPackaging.Result(name: name, value: text)
        }
        return results.sorted { ($0.name != "image", $0.name) < ($1.name != "image", $1.name) }
    }

    private static func failure(_ reason: String) -> PackagingError {
        PackagingError(.noResults, "\(file) gives no results: \(reason)")
    }
}

extension JSONValue {
    /// A string, or what is as good as one.
    fileprivate var resultText: String? {
        switch self {
        case .string(let text): text
        case .integer(let integer): String(integer)
        case .number(let number): String(number)
        case .bool(let bool): String(bool)
        case .null, .array, .object: nil
        }
    }
}

/// By the first member, then the second; false goes before true.
private func < (one: (Bool, String), other: (Bool, String)) -> Bool {
    one.0 == other.0 ? one.1 < other.1 : !one.0
}
