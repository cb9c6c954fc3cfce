import FoundationEssentials
import JSON

/// The arguments that complete a configuration: JSON, or the same in protobuf text format.
struct ModelArguments: Sendable, Hashable {
    var inputs: [ModelInput]?
    var outputs: [ModelOutput]?
    var maxBatchSize: Int32?
    var instanceGroups: [InstanceGroup]?
    var dynamicBatching: DynamicBatching?

    init() {}

    /// - Throws: ``TritonError`` `argument`.
    init(_ values: [String: JSONValue]) throws {
        inputs = try Self.messages("inputs", "input", values)?.inputs
        outputs = try Self.messages("outputs", "output", values)?.outputs
        instanceGroups = try Self.messages("instance_group", "instance_group", values)?.instanceGroups
        dynamicBatching = try Self.messages("dynamic_batching", "dynamic_batching", values)?.dynamicBatching
        if let value = values["max_batch_size"] {
            guard let size = value.integerValue.flatMap(Int32.init(exactly:)), size >= 0 else {
                throw TritonError(.argument, "max_batch_size is no whole number from 0 to \(Int32.max)")
            }
            maxBatchSize = size
        }
    }

    /// A configuration that has just the field that an argument sets.
    private static func messages(_ argument: String, _ field: String, _ values: [String: JSONValue]) throws
        -> ModelConfiguration?
    {
        guard let value = values[argument], value != .null else { return nil }
        do {
            if let text = value.stringValue {
                let isList = text.first { !$0.isWhitespace } == "["
                let isMessage = text.first { !$0.isWhitespace } == "{"
                return try ModelConfiguration(
                    parsing: isList || isMessage ? "\(field): \(text)" : "\(field) { \(text) }"
                )
            }
            let entries = value.arrayValue ?? [value]
            let isList = value.arrayValue != nil && field != "dynamic_batching"
            let written = try entries.map { TextValue(try content($0, of: argument)) }
            return try ModelConfiguration(fields: [TextField(field, written, isList: isList)])
        } catch let error as TritonError {
            throw TritonError(.argument, "the argument \(argument): \(error.reason)")
        }
    }

    /// JSON as text format has it. Names of types and of enumerations' values are words there.
    private static func content(_ value: JSONValue, of field: String) throws -> TextValue.Content {
        switch value {
        case .object(let members):
            return .message(
                try members.sorted { $0.key < $1.key }.map { key, member in
                    let name = field == "reshape" ? key : aliases[key] ?? key
                    let list = member.arrayValue
                    let values = try (list ?? [member]).map { TextValue(try content($0, of: name)) }
                    return TextField(name, values, isList: list != nil)
                }
            )
        case .string(let text):
            if field == "data_type", let type = DataType(named: text) { return .word(type.rawValue) }
            return wordFields.contains(field) ? .word(text) : .string(text)
        case .bool(let bool): return .word(bool ? "true" : "false")
        case .integer(let number): return .integer(magnitude: number.magnitude, isNegative: number < 0)
        case .number(let number): return .float(number)
        case .array, .null: throw TritonError(.argument, "\(field) has a value that no field takes")
        }
    }

    private static let aliases = ["datatype": "data_type", "type": "data_type", "shape": "dims"]
    private static let wordFields: Set<String> = ["data_type", "kind", "format", "timeout_action"]
}
