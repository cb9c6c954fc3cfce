import JSON
import Testing

@testable import PackagerCore

@Suite struct ArgumentValidationTests {
    private static let schema = PackagingIntegration.ArgumentSchema(
        properties: [
            .init("port", ["type": "integer", "minimum": 5, "maximum": 10]),
            .init("ratio", ["type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5]),
            .init("old", ["type": "number", "minimum": 1, "exclusiveMinimum": true]),
            .init("mode", ["type": "string", "enum": ["a", "b"]]),
            .init("tag", ["type": "string", "pattern": "^v[0-9]+$", "minLength": 2, "maxLength": 3]),
            .init("either", ["type": ["string", "integer"]]),
            .init("any", [:]),
        ],
        required: ["port"]
    )

    @Test(
        arguments: [
            ([:], ["(root): port is required"]),
            (
                ["port": 7, "foo": 1, "bar": 2],
                ["(root): Additional property bar is not allowed", "(root): Additional property foo is not allowed"]
            ),
            (["port": "7"], ["port: Invalid type. Expected: integer, given: string"]),
            (["port": 7.5], ["port: Invalid type. Expected: integer, given: number"]),
            (["port": 7.0], []),
            (["port": 4], ["port: Must be greater than or equal to 5"]),
            (["port": 11], ["port: Must be less than or equal to 10"]),
            (["port": 5, "ratio": 0], ["ratio: Must be greater than 0"]),
            (["port": 5, "ratio": 0.7], ["ratio: Must be a multiple of 0.5"]),
            (["port": 5, "old": 1], ["old: Must be greater than 1"]),
            (["port": 5, "mode": "c"], ["mode: mode must be one of the following: \"a\", \"b\""]),
            (["port": 5, "tag": "x1"], ["tag: Does not match pattern '^v[0-9]+$'"]),
            (
                ["port": 5, "tag": "v"],
                ["tag: String length must be greater than or equal to 2", "tag: Does not match pattern '^v[0-9]+$'"]
            ),
            (["port": 5, "tag": "v123"], ["tag: String length must be less than or equal to 3"]),
            (["port": 5, "either": true], ["either: Invalid type. Expected: [string,integer], given: boolean"]),
            (["port": 5, "either": 1, "any": ["x": []]], []),
        ] as [([String: JSONValue], [String])]
    )
    func violationsHaveTheMessagesOfODAHU(arguments: [String: JSONValue], messages: [String]) {
        #expect(ArgumentValidation(schema: Self.schema).errors(in: arguments) == messages)
    }
}
