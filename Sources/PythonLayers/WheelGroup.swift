/// Wheels that share a layer.
struct WheelGroup: Sendable, Hashable {
    /// Wheels below this many bytes share one layer.
    static let smallLimit: Int64 = 1 << 20

    /// Sorted by package.
    var wheels: [ChosenWheel]

    /// Large wheels alone, then the small ones together; where there are more groups than `maximum`, the smallest of the
    /// large join them.
    static func groups(of wheels: [ChosenWheel], sizes: [String: Int64], maximum: Int) -> [WheelGroup] {
        let ordered = wheels.map { (wheel: $0, size: sizes[$0.file.sha256] ?? 0) }.sorted { left, right in
            left.size != right.size ? left.size > right.size : left.wheel.package < right.wheel.package
        }
        let large = ordered.prefix { $0.size >= smallLimit }.count
        let alone = large == ordered.count && large <= maximum ? large : min(large, maximum - 1)
        let byName: (ChosenWheel, ChosenWheel) -> Bool = { $0.package < $1.package }
        var groups = ordered[..<alone].map(\.wheel).sorted(by: byName).map { WheelGroup(wheels: [$0]) }
        let rest = ordered[alone...].map(\.wheel).sorted(by: byName)
        if !rest.isEmpty { groups.append(WheelGroup(wheels: rest)) }
        return groups
    }

    /// "wheel numpy 2.2.0", or "6 small wheels".
    var name: String {
        if let wheel = wheels.first, wheels.count == 1 { return "wheel \(wheel.package) \(wheel.version)" }
        return "\(wheels.count) small wheels"
    }

    /// Identifies the files' content for ever. The number counts up when wheels are installed in another way.
    func key(python: PythonVersion, prefix: String) -> String {
        "python-wheel:" + contentKey(["1", "\(python)", prefix] + wheels.map(\.file.sha256).sorted())
    }
}
