import FoundationEssentials
import Mustache
package import OCI

/// The template of an image's name: `{{ Name }}-{{ Version }}:{{ RandomUUID }}`.
package struct ImageNameTemplate: Sendable {
    /// The variables that a template may use.
    static let variables = ["Name", "Version", "RandomUUID"]

    /// ODAHU's.
    static let `default` = "{{ Name }}-{{ Version }}:{{ RandomUUID }}"

    package var text: String

    package init(_ text: String) { self.text = text }

    /// The name for a model, in lower case as registries want it.
    ///
    /// - Parameter prefix: host and path to go before it; a slash at its end does not count.
    /// - Throws: ``PackagingError`` for a template that cannot be read, an unknown variable, and a result that is no
    ///   image name.
    package func render(prefix: String = "", name: String, version: String) throws -> ImageReference {
        try checkVariables()
        let template: MustacheTemplate
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
        } catch {
            throw PackagingError(.invalidImageName, "the imageName \"\(text)\" is no template: \(error)")
        }
        let values = ["Name": name, "Version": version, "RandomUUID": UUID().uuidString]
        let rendered = template.render(values).lowercased()
        do {
            let path = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
            return try ImageReference(parsing: path.isEmpty ? rendered : "\(path)/\(rendered)")
        } catch let error as ReferenceError {
            throw PackagingError(
                .invalidImageName,
                "the imageName \"\(text)\" becomes \"\(rendered)\", which is no image name: \(error.reason)"
            )
        }
    }

    /// An unknown variable would silently become nothing.
    private func checkVariables() throws {
        for tag in text.components(separatedBy: "{{").dropFirst() {
            let variable = tag.prefix { $0 != "}" }.filter { !$0.isWhitespace && $0 != "{" && $0 != "&" }
            guard Self.variables.contains(variable) else {
                throw PackagingError(
                    .invalidImageName,
                    "the imageName \"\(text)\" uses \"\(variable)\"; there are \(Self.variables.joined(separator: ", "))"
                )
            }
        }
    }
}
