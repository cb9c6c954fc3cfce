import Logging

/// What of a lock a base image has already, and what has to be put into an image on it.
struct BaseShare: Sendable, Hashable {
    /// A package of the lock with what there is of it in the base.
    struct Package: Sendable, Hashable {
        var name: String
        var version: String
        /// Why it is not taken from the base, in a few words; nil for a package that the base lacks.
        var reason: String?
    }

    /// Taken from the base.
    private(set) var taken: [Package] = []
    private(set) var installed: [Package] = []
    /// What is taken of the interpreter's own packages, which the environment then has to see.
    private(set) var usesSystem = false
    /// Directories and files of the base that would be mixed with what is installed, from the image's root.
    private(set) var removed: [String] = []
    /// The packages in ``removed``, such as `numpy 1.26.4`.
    private(set) var removedPackages: [String] = []

    init() {}

    /// - Parameter named: packages that the model names by a file or address: no version says that another is the same.
    init(_ lock: Lock, on base: BaseEnvironment, named: Set<String>) {
        let own = Dictionary(grouping: base.own, by: \.name)
        let system = Dictionary(grouping: base.system, by: \.name)
        var replaced: Set<BaseDistribution> = []
        var names: Set<String> = []
        for package in lock.packages {
            // What is in the environment hides what the interpreter has.
            let there = own[package.name] ?? system[package.name]?.prefix(1).map { $0 } ?? []
            let reason = Self.reason(against: there, for: package, named: named)
            if let there = there.first, reason == nil {
                taken.append(Package(name: package.name, version: package.version))
                if own[package.name] == nil, there.name == package.name { usesSystem = true }
            } else {
                installed.append(Package(name: package.name, version: package.version, reason: reason))
                names.insert(package.name)
                replaced.formUnion(own[package.name] ?? [])
            }
        }
        close(&replaced, over: base.own)
        // What shares a directory with what is replaced has to be there anew.
        let lost = Set(replaced.map(\.name)).subtracting(names)
        for package in taken where lost.contains(package.name) {
            installed.append(
                Package(
                    name: package.name,
                    version: package.version,
                    reason: "it shares files with another that is replaced"
                )
            )
        }
        taken.removeAll { lost.contains($0.name) }
        installed.sort { $0.name < $1.name }
        usesSystem = usesSystem || base.extendedSeesSystem
        removedPackages = replaced.map { "\($0.name) \($0.version)" }.sorted()
        removed = Self.paths(of: replaced, base.interpreter.version)
    }

    private static func reason(against there: [BaseDistribution], for package: Lock.Package, named: Set<String>)
        -> String?
    {
        guard let version = there.first?.version else { return nil }
        if there.count > 1 {
            return "the base has it as \(there.map(\.version).sorted().joined(separator: " and "))"
        }
        if named.contains(package.name) { return "the model names the file it comes from" }
        return PackageVersion.agrees(version, with: package.version) ? nil : "the base has \(version)"
    }

    /// Adds the distributions that own a directory of one that is replaced, or something in it, or what it is in.
    private func close(_ replaced: inout Set<BaseDistribution>, over all: [BaseDistribution]) {
        guard !replaced.isEmpty else { return }
        var owners: [Substring: Set<BaseDistribution>] = [:]
        var inside: [Substring: Set<BaseDistribution>] = [:]
        for distribution in all {
            for root in distribution.roots ?? [] {
                owners[root[...], default: []].insert(distribution)
                for parent in root[...].parents { inside[parent, default: []].insert(distribution) }
            }
        }
        var open = Array(replaced)
        while let distribution = open.popLast() {
            for root in distribution.roots ?? [] {
                var touched = (owners[root[...]] ?? []).union(inside[root[...]] ?? [])
                for parent in root[...].parents { touched.formUnion(owners[parent] ?? []) }
                for other in touched where replaced.insert(other).inserted { open.append(other) }
            }
        }
    }

    /// Sorted, without what is below another.
    private static func paths(of replaced: Set<BaseDistribution>, _ python: PythonVersion) -> [String] {
        var paths: Set<String> = []
        for distribution in replaced {
            for root in distribution.roots ?? [] {
                paths.insert(root)
                if let byteCode = DistributionRoots.byteCode(of: root, python) { paths.insert(byteCode) }
            }
            paths.insert(distribution.information)
        }
        return paths.filter { path in !path[...].parents.contains { paths.contains(String($0)) } }.sorted()
    }

    /// One line for each package that the base has, and one for all that it lacks.
    func say(_ logger: Logger) {
        for package in taken { logger.info("\(package.name) \(package.version) is in the base") }
        for package in installed {
            if let reason = package.reason { logger.info("\(package.name) \(package.version): \(reason)") }
        }
        let missing = installed.filter { $0.reason == nil }.map { "\($0.name) \($0.version)" }
        if !taken.isEmpty || !removed.isEmpty, !missing.isEmpty {
            logger.info("not in the base: \(missing.joined(separator: ", "))")
        }
    }
}

extension Substring {
    /// The directories that a path is in, the nearest first.
    fileprivate var parents: some Sequence<Substring> {
        sequence(state: self) { (path: inout Substring) -> Substring? in
            guard let slash = path.lastIndex(of: "/") else { return nil }
            path = path[..<slash]
            return path
        }
    }
}
