import JSON

/// The members of one object of a metadata document, read with errors that name them.
struct MetadataFields {
    private let members: [String: JSONValue]
    /// Where the object is: "" or "signature.".
    private let place: String
    private let source: String
    private let checksSpelling: Bool

    /// The members of a whole document.
    init(_ document: JSONValue, of source: String, checksSpelling: Bool) throws {
        try self.init(document, at: "", source, checksSpelling)
    }

    private init(_ value: JSONValue, at place: String, _ source: String, _ checksSpelling: Bool) throws {
        self.place = place
        self.source = source
        self.checksSpelling = checksSpelling
        switch value {
        case .object(let members): self.members = members
        case .null: members = [:]
        default:
            let what = place.isEmpty ? "the document" : String(place.dropLast())
            throw BundleError(.metadata, "\(source): \(what) must be an object, not \(value.kind)")
        }
    }

    var names: [String] { members.keys.sorted() }

    func has(_ name: String) -> Bool { members[name] != nil }

    func isList(_ name: String) -> Bool { members[name]?.arrayValue != nil }

    /// Throws for an unknown member that is likely a known one misspelled.
    func checkSpelling(_ known: [String]) throws {
        guard checksSpelling else { return }
        for name in names where !known.contains(name) {
            // Older files have it so.
            if name.lowercased() == "hyperparameters", members["hyperParameters"] == nil { continue }
            guard let meant = known.first(where: { members[$0] == nil && Spelling.isLike($0, name) }) else { continue }
            throw BundleError(
                .metadata,
                "\(source): unknown field \"\(place)\(name)\"; did you mean \"\(place)\(meant)\"?"
            )
        }
    }

    /// A scalar as it is written.
    func text(_ name: String) throws -> String? { try members[name].flatMap { try text($0, name) } }

    func texts(_ name: String) throws -> [String] {
        try elements(name).compactMap { value, place in try text(value, place) }
    }

    func textsByName(_ name: String) throws -> [String: String] {
        guard let object = try object(name) else { return [:] }
        return try Dictionary(uniqueKeysWithValues: object.names.map { ($0, try object.text($0) ?? "") })
    }

    func integer(_ name: String) throws -> Int64? { try members[name].map { try integer($0, name) } }

    /// A list of whole numbers, or a single one.
    func integers(_ name: String) throws -> [Int64] {
        if let value = members[name], value.arrayValue == nil, value != .null { return [try integer(value, name)] }
        return try elements(name).map { value, place in try integer(value, place) }
    }

    func object(_ name: String) throws -> MetadataFields? {
        guard let value = members[name], value != .null else { return nil }
        return try MetadataFields(value, at: "\(place)\(name).", source, checksSpelling)
    }

    func objects(_ name: String) throws -> [MetadataFields] {
        try elements(name).map { value, place in
            try MetadataFields(value, at: "\(self.place)\(place).", source, checksSpelling)
        }
    }

    private func elements(_ name: String) throws -> [(value: JSONValue, place: String)] {
        guard let value = members[name], value != .null else { return [] }
        guard let elements = value.arrayValue else { throw wrong(name, "a list", value) }
        return elements.enumerated().map { ($0.element, "\(name)[\($0.offset)]") }
    }

    private func text(_ value: JSONValue, _ name: String) throws -> String? {
        switch value {
        case .null: return nil
        case .string(let text): return text
        case .bool(let bool): return String(bool)
        case .integer(let number): return String(number)
        case .number(let number): return String(number)
        case .array, .object: throw wrong(name, "a string", value)
        }
    }

    private func integer(_ value: JSONValue, _ name: String) throws -> Int64 {
        // YAML's numbers come as they are written.
        guard let number = value.integerValue ?? value.stringValue.flatMap({ Int64($0) }) else {
            throw wrong(name, "a whole number", value)
        }
        return number
    }

    private func wrong(_ name: String, _ wanted: String, _ value: JSONValue) -> BundleError {
        let found = value.stringValue.map { "\"\($0)\"" } ?? value.kind
        return BundleError(.metadata, "\(source): \(place)\(name) must be \(wanted), not \(found)")
    }
}
