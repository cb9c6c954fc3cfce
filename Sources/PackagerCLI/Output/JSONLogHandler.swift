import FoundationEssentials
import JSON
import Logging

/// Log lines for programs: an object each, with time, level, logger and message, then the metadata by name.
struct JSONLogHandler: LogHandler {
    private let label: String
    private let write: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level = .info

    /// - Parameter write: gets each line, without its line break.
    init(label: String, write: @escaping @Sendable (String) -> Void = printError) {
        self.label = label
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var members: [(String, JSONValue)] = [
            ("time", .string(Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))),
            ("level", .string(event.level.rawValue)),
            ("logger", .string(label)),
            ("message", .string(event.message.description)),
        ]
        if let error = event.error { members.append(("error", .string("\(error)"))) }
        let taken = Set(members.map(\.0))
        let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) where !taken.contains(name) {
            members.append((name, JSONValue(value)))
        }
        let texts = members.map { "\(Self.text(.string($0))):\(Self.text($1))" }
        write("{\(texts.joined(separator: ","))}")
    }

    private static func text(_ value: JSONValue) -> String {
        // Numbers without a finite value are all that JSON cannot say.
        (try? CanonicalJSON.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}

extension JSONValue {
    fileprivate init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .stringConvertible(let number as Double): self = .number(number)
        case .stringConvertible(let number as Int): self = .integer(Int64(number))
        case .stringConvertible(let value): self = .string(value.description)
        case .array(let values): self = .array(values.map { JSONValue($0) })
        case .dictionary(let values): self = .object(values.mapValues { JSONValue($0) })
        }
    }
}
