import PythonLayers

/// Where channels are: a model names them, the operator says what the names mean.
package struct CondaChannels: Sendable, Hashable {
    /// In place of all that models name; `file:`, `http:` and `https:` URLs, which may hold credentials.
    package var replacements: [String]
    /// What a channel's name is below.
    package var alias: String

    package init(replacements: [String] = [], alias: String = "https://conda.anaconda.org") {
        self.replacements = replacements
        self.alias = alias
    }

    /// The URLs of the channels that an environment names, in their order.
    ///
    /// - Throws: ``CondaError`` `channelNotAllowed` for a URL that only an operator may give: a model could read this
    ///   machine's files and its network with it.
    func urls(for names: [String]) throws -> [String] {
        if !replacements.isEmpty { return replacements }
        var urls: [String] = []
        for name in names where name != "nodefaults" {
            for url in try self.urls(of: name) where !urls.contains(url) { urls.append(url) }
        }
        return urls.isEmpty ? ["\(base)/conda-forge"] : urls
    }

    private func urls(of name: String) throws -> [String] {
        if name == "defaults" { return ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"] }
        if name.hasPrefix("https://") { return [name] }
        let isName = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || "._-/".utf8.contains(byte)
        }
        guard isName, !name.hasPrefix("/"), !name.hasPrefix("."), !name.split(separator: "/").contains("..") else {
            throw CondaError(
                .channelNotAllowed,
                "the Conda channel \"\(name)\" is neither a name nor an https URL; other places are the operator's to "
                    + "give, with --conda-channel"
            )
        }
        return ["\(base)/\(name)"]
    }

    private var base: String { alias.hasSuffix("/") ? String(alias.dropLast()) : alias }

    /// A specification without its channel where the operator says which channels there are.
    func spec(_ spec: String) -> String {
        guard !replacements.isEmpty, let separator = spec.firstRange(of: "::") else { return spec }
        return String(spec[separator.upperBound...])
    }
}
