import ArgumentParser
import FoundationEssentials
import OCI
import PackagerCore

/// One of the images that a command line asks for: how it is made, and its name.
struct ImageChoice: Sendable {
    var integration: any Integration
    var reference: ImageReference

    /// Where a name says which image it is.
    static let placeholder = "{{ Integration }}"

    /// The images that `--integration` and `--tag` ask for together.
    ///
    /// - Parameters:
    ///   - integrations: ids; several may be in one text, separated by commas. Likewise the tags.
    ///   - tags: one for each integration in their order, or one for all: a template, or a name that gets the
    ///     integration's word at its end where there are several.
    ///   - known: the integrations there are.
    /// - Throws: `ValidationError` (usage, exit code 2).
    static func choices(
        integrations: [String],
        tags: [String],
        among known: [any Integration]
    ) throws -> [ImageChoice] {
        let chosen = try chosen(integrations.flatMap(\.listed), among: known)
        let tags = tags.flatMap(\.listed)
        guard tags.count == 1 || tags.count == chosen.count else {
            throw ValidationError(
                "there are \(tags.count.counted("tag")) for \(chosen.count.counted("integration")): give one for each, in their order, or one for all"
            )
        }
        var choices: [ImageChoice] = []
        for (number, integration) in chosen.enumerated() {
            let tag = tags.count == 1 ? tags[0] : tags[number]
            let reference = try reference(tag, for: integration, isShared: tags.count < chosen.count)
            if choices.contains(where: { $0.reference == reference }) {
                throw ValidationError("two images would have the name \(reference); put \(placeholder) into it")
            }
            choices.append(ImageChoice(integration: integration, reference: reference))
        }
        return choices
    }

    private static func chosen(_ ids: [String], among known: [any Integration]) throws -> [any Integration] {
        let names = known.map(\.definition.id).joined(separator: ", ")
        guard !ids.isEmpty else { throw ValidationError("no --integration is given; there is \(names)") }
        var seen: Set<String> = []
        return try ids.map { id in
            guard let integration = known.first(where: { $0.definition.id == id }) else {
                throw ValidationError("there is no integration \"\(id)\"; there is \(names)")
            }
            guard seen.insert(id).inserted else {
                throw ValidationError("the integration \"\(id)\" is given twice; there is \(names)")
            }
            return integration
        }
    }

    private static func reference(
        _ tag: String,
        for integration: any Integration,
        isShared: Bool
    ) throws -> ImageReference {
        let word = integration.definition.word
        let pieces = try pieces(of: tag)
        do {
            var reference = try ImageReference(parsing: pieces.joined(separator: word))
            guard reference.digest == nil else {
                throw ValidationError("\"\(tag)\" has a digest; an image gets its digest by being built")
            }
            if isShared, pieces.count == 1 {
                reference.tag = reference.tag.map { "\($0)-\(word)" } ?? word
                // Longer than a tag may be, perhaps.
                reference = try ImageReference(parsing: reference.description)
            }
            return reference
        } catch let error as ReferenceError {
            throw ValidationError("\(error)")
        }
    }

    /// What is around the placeholders of a tag.
    private static func pieces(of tag: String) throws -> [String] {
        let parts = tag.components(separatedBy: "{{")
        return try parts.prefix(1)
            + parts.dropFirst().map { part in
                let halves = part.components(separatedBy: "}}")
                guard halves.count == 2, halves[0].trimmed == "Integration" else {
                    throw ValidationError("the tag \"\(tag)\" has a placeholder that is not \(placeholder)")
                }
                return halves[1]
            }
    }
}

extension PackagingIntegration {
    /// What tells this integration's image from others of the same model in a name: "rest" for docker-rest.
    var word: String {
        let prefix = "docker-"
        return id.hasPrefix(prefix) && id.count > prefix.count ? String(id.dropFirst(prefix.count)) : id
    }
}

extension String {
    /// The parts between commas, without blanks around them.
    fileprivate var listed: [String] {
        split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
