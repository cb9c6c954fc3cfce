import JSON
import Testing

@testable import YAML

struct YAMLScalarTests {
    @Test(
        arguments: [
            ("true", true), ("False", false), ("null", nil), ("~", nil), ("", nil), ("12", 12), ("-7", -7), ("+3", 3),
            ("1.10", 1.1), ("1.", 1.0), (".5", 0.5), ("-1.5e3", -1500.0),
            ("9223372036854775808", 9.223372036854775808e18),
            ("on", "on"), ("yes", "yes"), ("No", "No"), ("1:30", "1:30"), ("2020-01-01", "2020-01-01"),
            ("0x1f", "0x1f"),
            ("0o17", "0o17"), (".inf", ".inf"), (".nan", ".nan"), ("1e999", "1e999"), ("1_000", "1_000"),
            ("1.2.3", "1.2.3"),
            ("-x", "-x"), ("'true'", "true"), ("\"12\"", "12"), ("!!str 1.10", "1.10"), ("!!float 3", 3.0),
            ("! 12", "12"),
            ("e5", "e5"), (".", "."), ("1e", "1e"), ("ä", "ä"),
        ] as [(String, JSONValue)]
    )
    func plainScalars(text: String, value: JSONValue) throws {
        #expect(try YAML.documents(in: "a: \(text)\n") == [["a": value]])
    }

    @Test(arguments: ["1.10", "1.0", "12", "007", "1e5", "-3"])
    func numbersStayAsWritten(text: String) throws {
        #expect(try YAML.documents(in: "v: \(text)", numbersAsStrings: true) == [["v": .string(text)]])
        #expect(try YAML.documents(in: "v: !!float \(text)", numbersAsStrings: true) == [["v": .string(text)]])
        #expect(try YAML.documents(in: "v: true", numbersAsStrings: true) == [["v": true]])
    }
}

struct YAMLStructureTests {
    @Test func documentsAreSeparate() throws {
        #expect(try YAML.documents(in: "") == [])
        #expect(try YAML.documents(in: "# nothing\n") == [])
        #expect(try YAML.documents(in: "a: 1\n---\n- x\n---\n...\n") == [["a": 1], ["x"], nil])
    }

    @Test func blockScalarsKeepTheirLines() throws {
        #expect(
            try YAML.documents(in: "a: |\n  one\n  two\nb: >-\n  one\n  two\n") == [
                ["a": "one\ntwo\n", "b": "one two"]
            ]
        )
    }

    @Test func jsonIsYAML() throws {
        let json = "{\n\t\"a\":[1,2.5,null,true,\"x\\/y \\u00e9\"],\"b\":{},\"c\" : \"\\ud83d\\ude00 \\\\ud83d\"}"
        #expect(
            try YAML.documents(in: json) == [
                ["a": [1, 2.5, nil, true, "x/y é"], "b": .object([:]), "c": "😀 \\ud83d"]
            ]
        )
    }

    @Test func mergeKeysGiveWay() throws {
        let text = """
            base: &base {a: 1, b: 2}
            other: &other {b: 3, c: 4}
            one: {<<: *base, b: 9}
            two:
              <<: [*other, *base]
            quoted: {"<<": 1}
            """
        let document = try #require(try YAML.documents(in: text).first)
        #expect(document["one"] == ["a": 1, "b": 9])
        #expect(document["two"] == ["a": 1, "b": 3, "c": 4])
        #expect(document["quoted"] == ["<<": 1])
    }

    @Test func scalarKeysAreTheirText() throws {
        #expect(try YAML.documents(in: "1: a\ntrue: b\non: c\n") == [["1": "a", "true": "b", "on": "c"]])
        #expect(try YAML.documents(in: "k: &k name\n*k : v\n") == [["k": "name", "name": "v"]])
    }
}

struct YAMLErrorTests {
    @Test(
        arguments: [
            ("a: 1\nb: 2\na: 3\n", .duplicateKey, 3, 1),
            ("{\"x\": 1, \"x\": 2}", .duplicateKey, 1, 10),
            ("a: 1\n? [x]\n: 1\n", .unsupportedKey, 2, 3),
            ("a: *b\n", .unknownAlias, 1, 4),
            ("a: !!python/object:os.system x\n", .unsupportedTag, 1, 4),
            ("a: !!int x\n", .unsupportedTag, 1, 4),
            ("a: !thing {}\n", .unsupportedTag, 1, 4),
            ("<<: 3\n", .badMerge, 1, 1),
            ("a: [1, 2\nb: 3\n", .syntax, 2, 2),
            ("a: 1\n\tb: 2\n", .syntax, 2, 1),
            ("a: 'x\n", .syntax, 2, 1),
            ("ä: 1\nb: \u{1}\n", .syntax, 2, 4),
        ] as [(String, YAMLError.Code, Int, Int)]
    )
    func errorsSayWhere(text: String, code: YAMLError.Code, line: Int, column: Int) throws {
        let error = try #require(throws: YAMLError.self) { _ = try YAML.documents(in: text) }
        #expect(error.code == code)
        #expect([error.line, error.column] == [line, column], "\(error)")
    }

    @Test func laughsAreBounded() throws {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let error = try #require(throws: YAMLError.self) { _ = try YAML.documents(in: text) }
        #expect(error.code == .limit)
        let long = "a: &a \(String(repeating: "x", count: 1 << 20))\n" + (0..<20).map { "b\($0): *a\n" }.joined()
        #expect(throws: YAMLError.self) { _ = try YAML.documents(in: long) }
    }

    @Test func depthIsBounded() throws {
        let text = String(repeating: "[", count: 100_000)
        let error = try #require(throws: YAMLError.self) { _ = try YAML.documents(in: text) }
        #expect(error.code == .limit)
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try YAML.documents(in: deep).count == 1)
    }
}

struct YAMLEmitterTests {
    @Test(arguments: [
        "", " ", "a", "true", "No", "null", "~", "12", "1.10", "1:30", "0x1f", "2020-01-01", "-", "- a", "a: b", "a #b",
        "#",
        "*a", "&a", "!a", "%a", "@a", "`a", "{", "[", "'", "\"", "one\ntwo", "one\ntwo\n", "one\n\ntwo\n\n",
        "\nleading", "  indented\nx",
        "trailing \nspace", "tab\there", "bell\u{7}", "é😀", "line\u{2028}separator", "cr\r\nlf", ".inf", "=", "<<", "y",
        "---", "...", "a\n---\nb",
        "\u{feff}bom", "+1", ".5", "x: |", "\\", "very " + String(repeating: "long ", count: 50),
    ])
    func stringsComeBack(text: String) throws {
        let value: JSONValue = ["k": .string(text), "list": [.string(text)], "deep": [["x": .string(text)]]]
        #expect(try YAML.documents(in: YAML.text(value)) == [value])
        let keyed: JSONValue = .object([text: 1])
        #expect(try YAML.documents(in: YAML.text(keyed)) == [keyed])
    }

    @Test(
        arguments: [
            nil, true, 3, -0.5, 1e20, 1e-9, [], .object([:]), [[], [1, [2]]], ["b": ["x": .object([:])], "a": [nil]],
        ] as [JSONValue]
    )
    func valuesComeBack(value: JSONValue) throws {
        #expect(try YAML.documents(in: YAML.text(value)) == [value])
    }

    @Test func theTextIsBlockStyleWithSortedKeys() {
        let value: JSONValue = ["name": "wine", "version": "1.0", "layers": ["a", 1, true], "empty": [], "rate": 1e20]
        #expect(YAML.text(value) == "empty: []\nlayers:\n- a\n- 1\n- true\nname: wine\nrate: 1.0e+20\nversion: '1.0'\n")
    }
}
