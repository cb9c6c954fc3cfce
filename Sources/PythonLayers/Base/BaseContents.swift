/// What all layers of a base image together show of Python.
struct BaseContents: Sendable, Hashable {
    /// Such as `usr/bin/python3.11`.
    var interpreters: [String] = []
    /// The text of each `pyvenv.cfg`, by the virtual environment's directory.
    var environments: [String: String] = [:]
    /// The directories that Conda has installed Python in, such as `opt/conda`.
    var condaPrefixes: Set<String> = []
    var distributions: [BaseDistribution] = []

    /// - Parameter layers: lowest first.
    init(_ layers: [BaseLayer]) {
        var distributions: [String: BaseDistribution] = [:]
        var interpreters: Set<String> = []
        var condaPythons: Set<String> = []
        for layer in layers {
            let hidden = HiddenPaths(layer)
            if !hidden.isEmpty {
                distributions = distributions.filter { path, distribution in
                    // Without one of its own directories it is whole no more.
                    !hidden.contains(path) && !(distribution.roots ?? []).contains(where: hidden.contains)
                }
                interpreters = interpreters.filter { !hidden.contains($0) }
                condaPythons = condaPythons.filter { !hidden.contains($0) }
                environments = environments.filter { !hidden.contains("\($0.key)/pyvenv.cfg") }
            }
            for distribution in layer.distributions { distributions[distribution.metadata] = distribution }
            interpreters.formUnion(layer.interpreters)
            condaPythons.formUnion(layer.condaPythons)
            environments.merge(layer.environments) { $1 }
        }
        self.interpreters = interpreters.sorted()
        self.distributions = distributions.values.sorted { $0.metadata < $1.metadata }
        condaPrefixes = Set(condaPythons.map { BaseMember.split(BaseMember.split($0).parent).parent })
    }
}

/// The paths of lower layers that a layer hides. Source: OCI image specification, "Whiteouts".
private struct HiddenPaths {
    private let deleted: Set<String>
    /// Directories whose content in lower layers is hidden, and files that stand where a directory was.
    private let covered: Set<String>

    init(_ layer: BaseLayer) {
        deleted = Set(layer.deleted)
        covered = Set(layer.opaque + layer.replaced)
    }

    var isEmpty: Bool { deleted.isEmpty && covered.isEmpty }

    func contains(_ path: String) -> Bool {
        if deleted.contains(path) { return true }
        var parent = path
        repeat {
            parent = BaseMember.split(parent).parent
            if deleted.contains(parent) || covered.contains(parent) { return true }
        } while !parent.isEmpty
        return false
    }
}
