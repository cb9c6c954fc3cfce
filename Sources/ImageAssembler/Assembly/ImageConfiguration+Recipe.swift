import FoundationEssentials
import OCI

extension ImageConfiguration {
    /// The configuration of an image that a recipe makes on a base.
    ///
    /// - Parameter created: RFC 3339; the time of every layer of ours too, so that it is the same in every build.
    init(_ recipe: ImageRecipe, on base: BaseImage, layers: [Layer], created: String) {
        let below = base.configuration
        var history = below.history ?? []
        // Some builders write no history. With any, there has to be one entry for every layer.
        let known = history.count { $0.emptyLayer != true }
        for _ in known..<max(known, below.rootfs.diffIDs.count) {
            history.append(HistoryEntry(created: created, createdBy: "base image \(base.reference)"))
        }
        history += layers.map { HistoryEntry(created: created, createdBy: "packager: \($0.name)") }
        self.init(
            platform: below.platform,
            execution: Execution(recipe, on: below.config ?? Execution()),
            diffIDs: below.rootfs.diffIDs + layers.map(\.diffID),
            history: history,
            created: created
        )
        author = below.author
    }

    /// A time in seconds since 1970 as RFC 3339, in UTC.
    static func timestamp(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}

extension ImageConfiguration.Execution {
    init(_ recipe: ImageRecipe, on base: ImageConfiguration.Execution) {
        self = base
        environment = Self.merged(base.environment ?? [], recipe.environment)
        // An entrypoint makes the base's command meaningless, so it does not stay either.
        entrypoint = recipe.entrypoint
        command = recipe.command.isEmpty ? nil : recipe.command
        user = recipe.user
        workingDirectory = recipe.workingDirectory
        let ports = recipe.exposedPorts.map { ("\($0)/tcp", ImageConfiguration.Empty()) }
        let allPorts = (base.exposedPorts ?? [:]).merging(ports) { _, ours in ours }
        exposedPorts = allPorts.isEmpty ? nil : allPorts
        let allLabels = (base.labels ?? [:]).merging(recipe.labels) { _, ours in ours }
        labels = allLabels.isEmpty ? nil : allLabels
    }

    /// The base's variables in their order, ours over them and then the new ones by name. In ours, the variable's own
    /// name stands for the base's value (`PATH`: `/opt/venv/bin:${PATH}`); all else is as it is written, for a value may
    /// be a user's.
    static func merged(_ base: [String], _ ours: [String: String]) -> [String] {
        var below = Execution()
        below.environment = base
        var values = ours
        for (name, value) in ours {
            let inherited = below.variable(name) ?? (name == "PATH" ? defaultPath : "")
            values[name] = value.replacing("${\(name)}", with: inherited)
        }
        var seen: Set<String> = []
        let kept = base.map { line in
            let name = String(line.prefix { $0 != "=" })
            seen.insert(name)
            return values[name].map { "\(name)=\($0)" } ?? line
        }
        return kept
            + values.filter { !seen.contains($0.key) }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    /// What a container engine sets where an image says nothing.
    private static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private typealias Execution = ImageConfiguration.Execution
}
