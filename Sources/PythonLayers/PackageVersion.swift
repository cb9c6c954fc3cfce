/// A version as Python compares it. Source: PEP 440, "Public version identifiers" and its normalisation.
struct PackageVersion: Sendable, Hashable {
    /// Without zeros at its end: 1.0 and 1 are one version.
    private let release: String
    private let suffix: String
    /// What the maker of a build has added: `cpu` in `2.1.0+cpu`.
    private let local: String

    /// Nil for what is no version.
    init?(_ text: String) {
        let pattern =
            /v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?([0-9]*))?(?:-([0-9]+)|([-_.]?(?:post|rev|r)[-_.]?)([0-9]*))?(?:([-_.]?dev[-_.]?)([0-9]*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?/
        guard text.utf8.count <= 200, let match = try? pattern.wholeMatch(in: text.trimmed.lowercased()) else {
            return nil
        }
        var parts = match.output.2.split(separator: ".").map(Self.number)
        while parts.count > 1, parts.last == "0" { parts.removeLast() }
        release = Self.number(match.output.1 ?? "0") + "!" + parts.joined(separator: ".")
        var suffix = ""
        if let phase = match.output.3 {
            let short = ["alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"][String(phase)]
            suffix += (short ?? String(phase)) + Self.number(match.output.4 ?? "")
        }
        if let post = match.output.5 ?? (match.output.6 == nil ? nil : match.output.7 ?? "") {
            suffix += ".post" + Self.number(post)
        }
        if match.output.8 != nil { suffix += ".dev" + Self.number(match.output.9 ?? "") }
        self.suffix = suffix
        local = (match.output.10 ?? "").split { "-_.".contains($0) }
            .map { $0.allSatisfy(\.isNumber) ? Self.number($0) : String($0) }.joined(separator: ".")
    }

    /// Without leading zeros; 0 for none.
    private static func number(_ digits: Substring) -> String {
        let rest = digits.drop { $0 == "0" }
        return rest.isEmpty ? "0" : String(rest)
    }

    /// Whether `==wanted` takes an installed version: a local part is only asked for where it is named.
    static func agrees(_ installed: String, with wanted: String) -> Bool {
        guard let there = PackageVersion(installed), let wanted = PackageVersion(wanted) else {
            return installed == wanted
        }
        return there.release == wanted.release && there.suffix == wanted.suffix
            && (wanted.local.isEmpty || there.local == wanted.local)
    }
}
