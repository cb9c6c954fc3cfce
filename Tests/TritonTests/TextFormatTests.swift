import Testing

@testable import Triton

@Suite("Protobuf text format")
struct TextFormatTests {
    @Test func `Everything a file may be written with`() throws {
        let configuration = try ModelConfiguration(
            parsing: #"""
                # A comment; names and braces in every form.
                name: 'mod' "el\x20\061\n\u00e9", platform: ""; max_batch_size: 0x10
                input [ < name: "a" data_type: TYPE_FP32 dims: [ 3, -1 ] dims: 5 >,
                        { name: "b", data_type: 13, dims: [], reshape: { shape: [] } } ]
                output { name: "c" is_shape_tensor: t }
                parameters { key: "k" value: { string_value: "v" } }
                parameters [ { value { string_value: "w" } key: "k" } ]
                sequence_batching { direct { minimum_slot_utilization: 1.5f } control_input { name: "s"
                    control { fp32_false_true: [ 0, -1e2 ] } } }
                """#
        )
        #expect(configuration.name == "model 1\né")
        #expect(configuration.maxBatchSize == 16)
        #expect(configuration.inputs.map(\.dims) == [[3, -1, 5], []])
        #expect(configuration.inputs.map(\.dataType) == [.fp32, .string])
        #expect(configuration.inputs.map(\.reshape) == [nil, TensorReshape()])
        #expect(configuration.outputs.first?.isShapeTensor == true)
        #expect(configuration.parameters == ["k": ModelParameter("w")])
        #expect(configuration.sequenceBatching?.direct?.minimumSlotUtilization == 1.5)
        #expect(configuration.sequenceBatching?.controlInputs.first?.controls.first?.fp32FalseTrue == [0, -100])
        #expect(try ModelConfiguration(parsing: configuration.text) == configuration)
    }

    @Test(arguments: [
        ("nmae: \"m\"", "line 1, column 1: failed to read text proto: ModelConfiguration has no field named \"nmae\""),
        ("\n  input { nam: 1 }", "line 2, column 11: failed to read text proto: ModelInput has no field named \"nam\""),
        ("name \"m\"", "line 1, column 6: the field name needs : before its value"),
        ("name: m", "line 1, column 7: name takes a string in quotes, not m"),
        ("name: \"m", "line 1, column 7: the string does not end"),
        ("name: \"m\nn\"", "line 1, column 7: the string does not end on its line"),
        ("name: \"\\q\"", "line 1, column 9: \\q is no escape"),
        ("name: \"\\xff\"", "line 1, column 7: the string is not UTF-8"),
        ("name: \"a\" name: \"b\"", "line 1, column 11: name is given more than once"),
        ("max_batch_size: 4294967296", "line 1, column 17: max_batch_size takes a whole number"),
        ("max_batch_size: -2147483649", "line 1, column 17: max_batch_size takes a whole number"),
        ("max_batch_size: 1.5", "line 1, column 17: max_batch_size takes a whole number, not 1.5"),
        ("max_batch_size: 12ab", "line 1, column 17: 12ab is not a number"),
        ("max_batch_size: [ 1 ]", "line 1, column 1: max_batch_size is no list"),
        ("input { data_type: FP32 }", "line 1, column 20: data_type is one of TYPE_INVALID"),
        ("input: 3", "line 1, column 8: input takes a message in braces, not 3"),
        ("input {", "line 1, column 8: } is missing"),
        ("input { >", "line 1, column 9: the name of a field is due here"),
        ("input [ {} {} ]", "line 1, column 12: the list input needs , or ] here"),
        ("instance_group { gpus: [ 0, ] }", "line 1, column 29: the field gpus has no value"),
        ("dynamic_batching { } sequence_batching { }", "sequence_batching is given along with dynamic_batching"),
        ("\u{1}", "line 1, column 1: byte 1 has no meaning here"),
        (String(repeating: "input {", count: 100), "messages are nested more than 64 deep"),
    ])
    func `What cannot be read is refused with its place`(text: String, expected: String) throws {
        let error = #expect(throws: TritonError.self) { try ModelConfiguration(parsing: text) }
        #expect(error?.code == .textFormat)
        #expect(error?.reason.contains(expected) == true, "\(error?.reason ?? "")")
    }

    /// Every field of every message, by way of the tables: a value, written and read again.
    @Test func `Every field survives a round trip`() throws {
        let fields = TextFields.filled(ModelConfiguration.fields.map(\.name))
        for text in fields {
            let configuration = try ModelConfiguration(parsing: text)
            #expect(configuration != ModelConfiguration())
            #expect(try ModelConfiguration(parsing: configuration.text) == configuration)
            #expect(configuration.text.filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
        }
        #expect(Set(fields.map { $0.prefix { $0.isLetter || $0 == "_" } }).count == ModelConfiguration.fields.count)
    }

    @Test func `Damaged text never crashes`() throws {
        let text = Array(TextFields.all.joined(separator: "\n").utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? ModelConfiguration(parsing: String(decoding: bytes, as: UTF8.self))
                .validate(directory: "m")
        }
    }
}
