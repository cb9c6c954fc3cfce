/// Packages that share a layer.
struct PackageGroup: Sendable, Hashable {
    var packages: [CondaLock.Package]

    /// A layer for each package; where there are more than `maximum`, the smallest share the last.
    static func groups(of packages: [CondaLock.Package], maximum: Int) -> [PackageGroup] {
        let bySize = packages.sorted { left, right in
            left.size ?? 0 != right.size ?? 0 ? left.size ?? 0 > right.size ?? 0 : left.name < right.name
        }
        let alone = packages.count <= maximum ? packages.count : maximum - 1
        let byName: (CondaLock.Package, CondaLock.Package) -> Bool = { $0.name < $1.name }
        var groups = bySize[..<alone].sorted(by: byName).map { PackageGroup(packages: [$0]) }
        if alone < bySize.count { groups.append(PackageGroup(packages: bySize[alone...].sorted(by: byName))) }
        return groups
    }

    var name: String {
        if let package = packages.first, packages.count == 1 { return "conda \(package.name) \(package.version)" }
        return "\(packages.count) small Conda packages"
    }
}
