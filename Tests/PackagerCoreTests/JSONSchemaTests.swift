import FoundationEssentials
import JSON
import Testing

@testable import PackagerCore

/// Each keyword, with the messages of gojsonschema.
@Suite struct JSONSchemaTests {
    @Test(
        arguments: [
            ("{}", "[1]", []),
            ("true", "1", []),
            ("false", "1", ["v: False always fails validation"]),
            (#"{"type": "number"}"#, "1", []),
            (#"{"type": "integer"}"#, "1.0", []),
            (#"{"type": "integer"}"#, "1e30", []),
            (#"{"type": "integer"}"#, "1.5", ["v: Invalid type. Expected: integer, given: number"]),
            (#"{"type": "string"}"#, "null", ["v: Invalid type. Expected: string, given: null"]),
            (#"{"type": "boolean"}"#, "{}", ["v: Invalid type. Expected: boolean, given: object"]),
            (#"{"type": ["array", "null"]}"#, "true", ["v: Invalid type. Expected: [array,null], given: boolean"]),
            (#"{"const": 4}"#, "4.0", []),
            (#"{"const": {"a": [1]}}"#, #"{"a": [2]}"#, [#"v: v does not match: {"a":[1]}"#]),
            (#"{"enum": ["a", 1, null]}"#, "1.0", []),
            (#"{"enum": ["a", 1, null]}"#, "2", [#"v: v must be one of the following: "a", 1, null"#]),
            (#"{"multipleOf": 0.1}"#, "0.3", []),
            (#"{"multipleOf": 0.1}"#, "0.35", ["v: Must be a multiple of 0.1"]),
            (
                #"{"minimum": 5, "maximum": 3}"#, "4",
                [
                    "v: Must be less than or equal to 3", "v: Must be greater than or equal to 5",
                ]
            ),
            (#"{"exclusiveMinimum": 5}"#, "5", ["v: Must be greater than 5"]),
            (#"{"exclusiveMaximum": 5.5}"#, "5.5", ["v: Must be less than 5.5"]),
            (#"{"maximum": 5, "exclusiveMaximum": true}"#, "5", ["v: Must be less than 5"]),
            (#"{"minimum": 5, "exclusiveMinimum": false}"#, "5", []),
            (#"{"minLength": 2}"#, #""ä""#, ["v: String length must be greater than or equal to 2"]),
            (#"{"maxLength": 1}"#, #""e\u0301""#, ["v: String length must be less than or equal to 1"]),
            (#"{"pattern": "b+"}"#, #""abbc""#, []),
            (#"{"pattern": "^b+$"}"#, #""bb\n""#, ["v: Does not match pattern '^b+$'"]),
            (#"{"minLength": 2, "minimum": 2, "minItems": 2}"#, "true", []),
            (#"{"items": {"type": "string"}}"#, #"["a", 1]"#, ["v.1: Invalid type. Expected: string, given: integer"]),
            (
                #"{"items": [{"type": "string"}], "additionalItems": false}"#, #"["a", 1]"#,
                [
                    "v: No additional items allowed on array"
                ]
            ),
            (
                #"{"items": [{}], "additionalItems": {"enum": [1]}}"#, #"["a", 1, 2]"#,
                [
                    "v.2: v.2 must be one of the following: 1"
                ]
            ),
            (#"{"minItems": 2}"#, "[1]", ["v: Array must have at least 2 items"]),
            (#"{"maxItems": 1}"#, "[1, 2]", ["v: Array must have at most 1 items"]),
            (#"{"uniqueItems": true}"#, "[1, [2], 1.0]", ["v: array items[0,2] must be unique"]),
            (#"{"contains": {"const": 3}}"#, "[1, 2]", ["v: At least one of the items must match"]),
            (#"{"required": ["a", "b"]}"#, #"{"a": 1}"#, ["v: b is required"]),
            (#"{"minProperties": 2}"#, #"{"a": 1}"#, ["v: Must have at least 2 properties"]),
            (#"{"maxProperties": 0}"#, #"{"a": 1}"#, ["v: Must have at most 0 properties"]),
            (
                #"{"properties": {"a": {"minimum": 2}}}"#, #"{"a": 1, "b": 1}"#,
                ["v.a: Must be greater than or equal to 2"]
            ),
            (
                #"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"a": 1, "b": 1}"#,
                [
                    "v: Additional property b is not allowed"
                ]
            ),
            (
                #"{"additionalProperties": {"type": "string"}}"#, #"{"b": 1}"#,
                [
                    "v.b: Invalid type. Expected: string, given: integer"
                ]
            ),
            (
                #"{"patternProperties": {"^x": {"const": 1}}, "additionalProperties": false}"#, #"{"x1": 2, "y": 1}"#,
                [
                    "v: Additional property y is not allowed", "v.x1: v.x1 does not match: 1",
                ]
            ),
            (#"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1}"#, [#"v: Property name of "ab" does not match"#]),
            (#"{"dependencies": {"a": ["b"]}}"#, #"{"a": 1}"#, ["v: Has a dependency on b"]),
            (
                #"{"dependencies": {"a": {"maxProperties": 1}}}"#, #"{"a": 1, "b": 1}"#,
                [
                    "v: Must have at most 1 properties"
                ]
            ),
            (
                #"{"allOf": [{"minimum": 2}, {"maximum": 3}]}"#, "4",
                [
                    "v: Must be less than or equal to 3", "v: Must validate all the schemas (allOf)",
                ]
            ),
            (#"{"anyOf": [{"type": "string"}, {"const": 1}]}"#, "1", []),
            (
                #"{"anyOf": [{"type": "string"}, {"const": 1}]}"#, "2",
                [
                    "v: Must validate at least one schema (anyOf)", "v: Invalid type. Expected: string, given: integer",
                ]
            ),
            (#"{"oneOf": [{"type": "integer"}, {"minimum": 2}]}"#, "1", []),
            (
                #"{"oneOf": [{"type": "integer"}, {"minimum": 2}]}"#, "3",
                [
                    "v: Must validate one and only one schema (oneOf)"
                ]
            ),
            (
                #"{"oneOf": [{"type": "string"}, {"type": "null"}]}"#, "3",
                [
                    "v: Must validate one and only one schema (oneOf)",
                    "v: Invalid type. Expected: string, given: integer",
                ]
            ),
            (#"{"not": {"type": "integer"}}"#, "3", ["v: Must not validate the schema (not)"]),
            (
                #"{"if": {"type": "integer"}, "then": {"minimum": 2}, "else": {"const": "x"}}"#, "1",
                [
                    #"v: Must validate "then" as "if" was valid"#, "v: Must be greater than or equal to 2",
                ]
            ),
            (
                #"{"if": {"type": "integer"}, "else": {"const": "x"}}"#, #""y""#,
                [
                    #"v: Must validate "else" as "if" was not valid"#, #"v: v does not match: "x""#,
                ]
            ),
            (#"{"format": "date"}"#, #""2026-02-30""#, ["v: Does not match format 'date'"]),
            (#"{"format": "date-time"}"#, #""2026-02-03T04:05:06+01:00""#, []),
            (#"{"format": "time"}"#, #""4 o'clock""#, ["v: Does not match format 'time'"]),
            (#"{"format": "email"}"#, #""someone""#, ["v: Does not match format 'email'"]),
            (#"{"format": "hostname"}"#, #""a..b""#, ["v: Does not match format 'hostname'"]),
            (#"{"format": "ipv4"}"#, #""1.2.3.256""#, ["v: Does not match format 'ipv4'"]),
            (#"{"format": "ipv6"}"#, #""::1""#, []),
            (#"{"format": "uri"}"#, #""no scheme""#, ["v: Does not match format 'uri'"]),
            (#"{"format": "uuid"}"#, #""1""#, ["v: Does not match format 'uuid'"]),
            (#"{"format": "regex"}"#, #""(""#, ["v: Does not match format 'regex'"]),
            (#"{"format": "password"}"#, #""any""#, []),
        ] as [(String, String, [String])]
    )
    func `Violations have the messages of gojsonschema`(schema: String, value: String, messages: [String]) throws {
        let schema = JSONSchema(try CanonicalJSON.decode(from: Data(schema.utf8)))
        #expect(schema.problems(at: "v") == [])
        #expect(schema.errors(in: try CanonicalJSON.decode(from: Data(value.utf8)), at: "v") == messages)
    }
}
