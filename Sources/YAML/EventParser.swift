import CYAML

/// What libyaml's parser says, as Swift values.
struct YAMLEvent {
    enum Content {
        case streamStart, streamEnd, documentStart, documentEnd, sequenceEnd, mappingEnd
        case scalar(text: String, isPlain: Bool)
        case sequenceStart, mappingStart
        case alias(String)
    }

    var content: Content
    var anchor: String?
    var tag: String?
    /// From 1.
    var line: Int
    var column: Int

    func error(_ code: YAMLError.Code, _ reason: String) -> YAMLError {
        YAMLError(code: code, reason: reason, line: line, column: column)
    }
}

/// libyaml's parser over bytes that outlive it.
final class EventParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        parser.initialize(to: yaml_parser_t())
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    func next() throws -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(
            content: content(of: event),
            anchor: anchor(of: event),
            tag: tag(of: event),
            line: Int(event.start_mark.line) + 1,
            column: Int(event.start_mark.column) + 1
        )
    }

    private func content(of event: yaml_event_t) -> YAMLEvent.Content {
        switch event.type {
        case YAML_STREAM_START_EVENT: .streamStart
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_MAPPING_END_EVENT: .mappingEnd
        case YAML_ALIAS_EVENT: .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            .scalar(
                text: String(
                    decoding: UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length),
                    as: UTF8.self
                ),
                isPlain: event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE
            )
        default: .streamEnd
        }
    }

    private func anchor(of event: yaml_event_t) -> String? {
        switch event.type {
        case YAML_SCALAR_EVENT: text(event.data.scalar.anchor)
        case YAML_SEQUENCE_START_EVENT: text(event.data.sequence_start.anchor)
        case YAML_MAPPING_START_EVENT: text(event.data.mapping_start.anchor)
        default: nil
        }
    }

    private func tag(of event: yaml_event_t) -> String? {
        switch event.type {
        case YAML_SCALAR_EVENT: text(event.data.scalar.tag)
        case YAML_SEQUENCE_START_EVENT: text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT: text(event.data.mapping_start.tag)
        default: nil
        }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: UnsafePointer($0)) }
    }

    private var failure: YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unreadable"
        let reason = parser.pointee.context.map { String(cString: $0) + ": " + problem } ?? problem
        let mark = parser.pointee.problem_mark
        guard parser.pointee.error == YAML_READER_ERROR else {
            return YAMLError(code: .syntax, reason: reason, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        }
        // The reader knows a byte's offset only.
        let before = bytes.prefix(parser.pointee.problem_offset)
        let line = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let column = String(decoding: Array(line.last ?? before), as: UTF8.self).unicodeScalars.count + 1
        return YAMLError(code: .syntax, reason: reason, line: max(line.count, 1), column: column)
    }
}
