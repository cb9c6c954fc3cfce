import CYAML
package import JSON

extension YAML {
    /// Writes one document in block style, keys sorted, strings quoted where they would read as something else (by YAML
    /// 1.1 too, for readers that still follow it).
    package static func text(_ value: JSONValue) -> String {
        let emitter = Emitter()
        emitter.write(value)
        return emitter.finish()
    }
}

/// libyaml's emitter into memory.
private final class Emitter {
    private let emitter = UnsafeMutablePointer<yaml_emitter_t>.allocate(capacity: 1)
    private var output: [UInt8] = []

    init() {
        emitter.initialize(to: yaml_emitter_t())
        yaml_emitter_initialize(emitter)
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_width(emitter, -1)
        yaml_emitter_set_output(
            emitter,
            { data, bytes, count in
                guard let data else { return 0 }
                let emitter = Unmanaged<Emitter>.fromOpaque(data).takeUnretainedValue()
                emitter.output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
        emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
    }

    func finish() -> String {
        emit { yaml_document_end_event_initialize(&$0, 1) }
        emit { yaml_stream_end_event_initialize(&$0) }
        return String(decoding: output, as: UTF8.self)
    }

    func write(_ value: JSONValue) {
        switch value {
        case .null: scalar("null")
        case .bool(let bool): scalar(bool ? "true" : "false")
        case .integer(let integer): scalar(String(integer))
        case .number(let number): scalar(Self.text(number))
        case .string(let string): scalar(string, style: Self.style(string))
        case .array(let elements):
            emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) }
            elements.forEach(write)
            emit { yaml_sequence_end_event_initialize(&$0) }
        case .object(let members):
            emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
            for (key, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                let style = Self.style(key)
                scalar(key, style: style == YAML_LITERAL_SCALAR_STYLE ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : style)
                write(value)
            }
            emit { yaml_mapping_end_event_initialize(&$0) }
        }
    }

    private func scalar(_ text: String, style: yaml_scalar_style_t = YAML_PLAIN_SCALAR_STYLE) {
        var text = text
        text.withUTF8 { bytes in
            // libyaml refuses a null pointer, which an empty text may have.
            var nothing: UInt8 = 0
            withUnsafePointer(to: &nothing) { empty in
                let start = bytes.baseAddress ?? empty
                emit { yaml_scalar_event_initialize(&$0, nil, nil, start, Int32(bytes.count), 1, 1, style) }
            }
        }
    }

    private func emit(_ initialize: (inout yaml_event_t) -> Int32) {
        var event = yaml_event_t()
        // Either fails only when memory runs out or events come out of order.
        let isWritten = initialize(&event) == 1 && yaml_emitter_emit(emitter, &event) == 1
        precondition(isWritten, "libyaml cannot write an event")
    }

    /// The shortest text that reads as the same double, with the point that YAML 1.1 wants before an exponent.
    private static func text(_ number: Double) -> String {
        let text = number.description
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    private static func style(_ text: String) -> yaml_scalar_style_t {
        if text.contains(where: \.isNewline) {
            let breaks: Set<Unicode.Scalar> = ["\u{85}", "\u{2028}", "\u{2029}"]
            let isPlainText = text.unicodeScalars.allSatisfy {
                $0 == "\n" || ($0.properties.generalCategory != .control && !breaks.contains($0))
            }
            let first = text.unicodeScalars.first
            let hasSpaceAtEnd = text.split(separator: "\n").contains { $0.hasSuffix(" ") }
            return isPlainText && first != " " && first != "\n" && !hasSpaceAtEnd
                ? YAML_LITERAL_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE
        }
        return readsAsSomethingElse(text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE
    }

    /// Whether some reader, of YAML 1.1 or 1.2, takes the plain text for anything but a string.
    private static func readsAsSomethingElse(_ text: String) -> Bool {
        if ["", "~", "<<", "=", "null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
        {
            return true
        }
        // Numbers of every base, sexagesimal ones, infinities, dates.
        let start = text.drop { "+-.".contains($0) }
        return start.first.map { $0.isNumber } ?? true || [".inf", ".nan"].contains("." + start.lowercased())
    }
}
