import JSON

/// Builds values of a parser's events.
struct Composer {
    let parser: EventParser
    let schema: CoreSchema
    private var anchors: [String: (value: JSONValue, weight: Int)] = [:]
    private var depth = 0
    private var expanded = 0

    static let maximumDepth = 128
    /// What all aliases of a text together may add to it: about its bytes as JSON.
    static let maximumExpansion = 8 << 20

    init(parser: EventParser, schema: CoreSchema) {
        self.parser = parser
        self.schema = schema
    }

    mutating func documents() throws -> [JSONValue] {
        var documents: [JSONValue] = []
        while true {
            switch try parser.next().content {
            case .streamStart: continue
            case .documentStart:
                anchors = [:]
                documents.append(try node(try parser.next()).value)
                _ = try parser.next()
            default: return documents
            }
        }
    }

    /// A value, and about how many bytes it is as JSON with its aliases expanded.
    private mutating func node(_ event: YAMLEvent) throws -> (value: JSONValue, weight: Int) {
        let node: (value: JSONValue, weight: Int)
        switch event.content {
        case .alias(let name): return try resolve(name, event)
        case .scalar(let text, let isPlain): node = (try scalar(text, isPlain, event), text.utf8.count + 4)
        case .sequenceStart: node = try nested(event, tag: "seq") { try $0.sequence() }
        case .mappingStart: node = try nested(event, tag: "map") { try $0.mapping() }
        default: throw event.error(.syntax, "a value is missing")
        }
        if let anchor = event.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func nested(
        _ event: YAMLEvent,
        tag: String,
        _ body: (inout Composer) throws -> (value: JSONValue, weight: Int)
    ) throws -> (value: JSONValue, weight: Int) {
        if let written = event.tag, written != "!", written != standardTags + tag {
            throw event.error(.unsupportedTag, "the tag \(written) is not supported here")
        }
        guard depth < Self.maximumDepth else {
            throw event.error(.limit, "more than \(Self.maximumDepth) levels are nested")
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func resolve(_ name: String, _ event: YAMLEvent) throws -> (value: JSONValue, weight: Int) {
        guard let node = anchors[name] else {
            throw event.error(.unknownAlias, "the alias *\(name) stands for nothing that came before it")
        }
        expanded += node.weight
        guard expanded <= Self.maximumExpansion else {
            throw event.error(.limit, "the aliases expand to more than \(Self.maximumExpansion >> 20) MiB")
        }
        return node
    }

    private func scalar(_ text: String, _ isPlain: Bool, _ event: YAMLEvent) throws -> JSONValue {
        guard let tag = event.tag else { return isPlain ? schema.value(plain: text) : .string(text) }
        if tag == "!" { return .string(text) }
        guard tag.hasPrefix(standardTags),
            let value = schema.value(text, tagged: String(tag.dropFirst(standardTags.count)))
        else { throw event.error(.unsupportedTag, "\"\(text)\" with the tag \(tag) is not supported") }
        return value
    }

    private mutating func sequence() throws -> (value: JSONValue, weight: Int) {
        var elements: [JSONValue] = []
        var weight = 2
        while true {
            let event = try parser.next()
            if case .sequenceEnd = event.content { return (.array(elements), weight) }
            let element = try node(event)
            elements.append(element.value)
            weight += element.weight
        }
    }

    private mutating func mapping() throws -> (value: JSONValue, weight: Int) {
        var members: [String: JSONValue] = [:]
        var merged: [String: JSONValue] = [:]
        var weight = 2
        while true {
            let event = try parser.next()
            if case .mappingEnd = event.content { break }
            let key = try key(event)
            let value = try node(try parser.next())
            weight += key.text.utf8.count + 4 + value.weight
            if key.isMerge {
                guard merged.isEmpty else { throw event.error(.duplicateKey, "the key \"<<\" is there twice") }
                merged = try merge(value.value, event)
            } else if members.updateValue(value.value, forKey: key.text) != nil {
                throw event.error(.duplicateKey, "the key \"\(key.text)\" is there twice")
            }
        }
        members.merge(merged) { own, _ in own }
        return (.object(members), weight)
    }

    private mutating func key(_ event: YAMLEvent) throws -> (text: String, isMerge: Bool) {
        switch event.content {
        case .scalar(let text, let isPlain):
            let value = try scalar(text, isPlain, event)
            if let anchor = event.anchor { anchors[anchor] = (value, text.utf8.count + 4) }
            return (text, isPlain && event.tag == nil && text == "<<")
        case .alias(let name):
            guard let text = try resolve(name, event).value.stringValue else { fallthrough }
            return (text, false)
        default: throw event.error(.unsupportedKey, "a key has to be a plain text, not a list or mapping")
        }
    }

    /// The members that `<<` brings in: of a mapping, or of a list of mappings of which the earlier ones win.
    private func merge(_ value: JSONValue, _ event: YAMLEvent) throws -> [String: JSONValue] {
        let sources = value.arrayValue ?? [value]
        return try sources.reduce(into: [:]) { merged, source in
            guard let members = source.objectValue else {
                throw event.error(.badMerge, "\"<<\" takes a mapping or a list of mappings")
            }
            merged.merge(members) { earlier, _ in earlier }
        }
    }
}

private let standardTags = "tag:yaml.org,2002:"
