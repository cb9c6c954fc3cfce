import ArgumentParser
import JSON
import PackagerCore

/// The arguments of integrations, as a command line gives them.
struct ArgumentOptions: ParsableArguments {
    @Option(name: .long, help: "The image to build on. Default: the official Python image of the model's version.")
    var base: String?

    @Option(
        name: .customLong("arg"),
        help: """
            An argument of the integration, NAME=VALUE; repeat for more. Of several integrations, those that know NAME \
            get it; INTEGRATION:NAME=VALUE is for one.
            """
    )
    var arguments: [String] = []

    /// The arguments of each integration, checked.
    ///
    /// - Throws: `ValidationError` (usage, exit code 2) for one that no integration takes; ``ServiceError`` `invalid`
    ///   for a value that does not fit.
    func values(for integrations: [any Integration]) throws -> [[String: JSONValue]] {
        let given = arguments.map(Given.init)
        for one in given {
            if let id = one.integration, !integrations.contains(where: { $0.definition.id == id }) {
                let ids = integrations.map(\.definition.id).joined(separator: ", ")
                throw ValidationError("--arg \(id):\(one.text) is for none of the integrations \(ids)")
            }
            guard one.integration == nil, integrations.count > 1 else { continue }
            guard integrations.contains(where: { $0.definition.takes(one.name) }) else {
                let ids = integrations.map(\.definition.id).joined(separator: ", ")
                throw ValidationError("no integration of \(ids) has an argument \"\(one.name)\"")
            }
        }
        return try integrations.map { integration in
            let definition = integration.definition
            let shared = given.filter {
                $0.integration == nil && (integrations.count == 1 || definition.takes($0.name))
            }
            var values = try definition.parse(arguments: shared.map(\.text))
            if let base { values[Self.baseArgument] = .string(base) }
            let own = try definition.parse(
                arguments: given.filter { $0.integration == definition.id }.map(\.text)
            )
            values.merge(own) { _, own in own }
            try definition.check(arguments: values)
            return values
        }
    }

    static let baseArgument = "dockerfileBaseImage"

    /// `[INTEGRATION:]NAME=VALUE`
    private struct Given {
        var integration: String?
        /// `NAME=VALUE`
        var text: String

        var name: String { String(text.prefix { $0 != "=" }) }

        init(_ text: String) {
            self.text = text
            guard let colon = text.prefix(while: { $0 != "=" }).firstIndex(of: ":") else { return }
            integration = String(text[..<colon])
            self.text = String(text[text.index(after: colon)...])
        }
    }
}

extension PackagingIntegration {
    /// Whether there is an argument of this name.
    fileprivate func takes(_ name: String) -> Bool {
        (spec.schema.arguments?.properties ?? []).contains { $0.name == name }
    }
}
