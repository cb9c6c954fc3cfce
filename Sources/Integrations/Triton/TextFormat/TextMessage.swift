/// A message of the schema: a value with the table of its fields, which reading and writing both follow.
protocol TextMessage: TextCodable {
    init()
    static var fields: [MessageField<Self>] { get }
}

extension TextMessage {
    static var isMessage: Bool { true }

    init(_ value: TextValue, of field: String) throws {
        guard case .message(let members) = value.content else {
            throw value.position.error("\(field) takes a message in braces, not \(value.kindName)")
        }
        try self.init(fields: members)
    }

    /// - Throws: ``TritonError`` `textFormat` for a field the message does not have, or has once or in place of another.
    init(fields: [TextField]) throws {
        self.init()
        let table = Self.fields
        for given in fields {
            guard let field = table.first(where: { $0.name == given.name }) else {
                let names = table.map(\.name).joined(separator: ", ")
                throw given.position.error(
                    "failed to read text proto: \(Self.self) has no field named \"\(given.name)\"; it has \(names)"
                )
            }
            if !field.isRepeated {
                guard !given.isList else { throw given.position.error("\(field.name) is no list") }
                guard !field.isSet(self) else { throw given.position.error("\(field.name) is given more than once") }
            }
            if let choice = field.choice,
                let other = table.first(where: { $0.choice == choice && $0.name != field.name && $0.isSet(self) })
            {
                throw given.position.error("\(field.name) is given along with \(other.name), and only one can be")
            }
            for value in given.values { try field.read(value, &self) }
        }
    }

    var textContent: TextValue.Content { .message(textFields) }

    /// What is set, in the order of the table.
    var textFields: [TextField] {
        Self.fields.compactMap { field in
            let values = field.values(self)
            guard !values.isEmpty else { return nil }
            return TextField(
                field.name,
                values.map { TextValue($0) },
                isList: field.isRepeated && !field.holdsMessages
            )
        }
    }
}

/// A field of a message: its name in the schema and how it is read and written.
struct MessageField<Message> {
    let name: String
    /// The `oneof` that it belongs to.
    var choice: String?
    let isRepeated: Bool
    let holdsMessages: Bool
    let read: (TextValue, inout Message) throws -> Void
    /// Empty for a field that is not set.
    let values: (Message) -> [TextValue.Content]

    func isSet(_ message: Message) -> Bool { !values(message).isEmpty }

    /// A field without presence: its default is what a new message has.
    static func one<Value: TextCodable>(_ name: String, _ path: WritableKeyPath<Message, Value>) -> Self
    where Message: TextMessage {
        MessageField(
            name: name,
            isRepeated: false,
            holdsMessages: false,
            read: { value, message in message[keyPath: path] = try Value(value, of: name) },
            values: { message in
                let value = message[keyPath: path]
                return value == Message()[keyPath: path] ? [] : [value.textContent]
            }
        )
    }

    /// A message, or a scalar of a `oneof`: there or not.
    static func optional<Value: TextCodable>(
        _ name: String,
        _ path: WritableKeyPath<Message, Value?>,
        choice: String? = nil
    ) -> Self {
        MessageField(
            name: name,
            choice: choice,
            isRepeated: false,
            holdsMessages: Value.isMessage,
            read: { value, message in message[keyPath: path] = try Value(value, of: name) },
            values: { message in message[keyPath: path].map { [$0.textContent] } ?? [] }
        )
    }

    static func many<Value: TextCodable>(_ name: String, _ path: WritableKeyPath<Message, [Value]>) -> Self {
        MessageField(
            name: name,
            isRepeated: true,
            holdsMessages: Value.isMessage,
            read: { value, message in message[keyPath: path].append(try Value(value, of: name)) },
            values: { message in message[keyPath: path].map(\.textContent) }
        )
    }

    /// A map: entries with `key` and `value`, of which the last of a key counts; written in the order of the keys.
    static func map<Key: TextCodable & Comparable, Value: TextCodable>(
        _ name: String,
        _ path: WritableKeyPath<Message, [Key: Value]>,
        default: @escaping @Sendable () -> (key: Key, value: Value)
    ) -> Self {
        MessageField(
            name: name,
            isRepeated: true,
            holdsMessages: true,
            read: { entry, message in
                guard case .message(let members) = entry.content else {
                    throw entry.position.error("\(name) takes entries in braces, not \(entry.kindName)")
                }
                var (key, value) = `default`()
                for member in members {
                    guard let written = member.values.first, !member.isList, member.values.count == 1 else {
                        throw member.position.error("\(member.name) of \(name) is no list")
                    }
                    switch member.name {
                    case "key": key = try Key(written, of: "key of \(name)")
                    case "value": value = try Value(written, of: "value of \(name)")
                    default:
                        throw member.position.error(
                            "failed to read text proto: an entry of \(name) has no field named \"\(member.name)\"; "
                                + "it has key, value"
                        )
                    }
                }
                message[keyPath: path][key] = value
            },
            values: { message in
                message[keyPath: path].sorted { $0.key < $1.key }.map { key, value in
                    .message([
                        TextField("key", [TextValue(key.textContent)]),
                        TextField("value", [TextValue(value.textContent)]),
                    ])
                }
            }
        )
    }
}

extension MessageField {
    static func texts(_ name: String, _ path: WritableKeyPath<Message, [String: String]>) -> Self {
        map(name, path) { ("", "") }
    }

    static func messages<Value: TextMessage>(_ name: String, _ path: WritableKeyPath<Message, [String: Value]>) -> Self
    {
        map(name, path) { ("", Value()) }
    }
}
