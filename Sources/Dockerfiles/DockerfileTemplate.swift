import JSON
import Mustache

/// A Dockerfile with gaps: a mustache template over ``DockerfileValues``.
package struct DockerfileTemplate: Sendable, Hashable {
    package var text: String

    package init(_ text: String) { self.text = text }

    /// - Throws: ``DockerfileError`` `invalidTemplate` for a template that cannot be read or asks for what there is not.
    package func render(_ values: DockerfileValues) throws -> String {
        try parsed().render(Self.plain(try JSONValue(encoding: values)))
    }

    /// - Throws: as ``render(_:)`` does, whatever the values are.
    package func check() throws { _ = try parsed() }

    private func parsed() throws -> MustacheTemplate {
        var check = try TemplateCheck(text)
        try check.run()
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + text)
        } catch let error as MustacheTemplate.ParserError {
            let place = error.context
            throw DockerfileError(
                .invalidTemplate,
                "line \(place.lineNumber - 1) of the Dockerfile's template cannot be read (\(error.error)): \(place.line)"
            )
        }
    }

    /// The value in the types that the template engine looks into.
    private static func plain(_ value: JSONValue) -> Any {
        switch value {
        case .null: false
        case .bool(let bool): bool
        case .integer(let integer): integer
        case .number(let number): number
        case .string(let string): string
        case .array(let elements): elements.map(plain)
        case .object(let members): members.mapValues(plain)
        }
    }
}
