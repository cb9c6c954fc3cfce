import FileSystem
import Glibc
import SystemPackage

/// Whether limits of memory and processors can be set on this machine, by this user. Source: cgroups(7).
enum ControlGroups {
    /// - Parameter root: where they are mounted.
    static func areWritable(below root: FilePath = "/sys/fs/cgroup") -> Bool {
        let controllers = root.appending("cgroup.subtree_control")
        if root.appending("cgroup.controllers").exists {
            // Version 2: what the root passes on to the groups below it.
            let passed = (try? controllers.readAll(limit: 4096)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let names = passed.split(whereSeparator: \.isWhitespace)
            return names.contains("memory") && names.contains("cpu") && isWritable(controllers)
        }
        return ["memory", "cpu"].allSatisfy { isWritable(root.appending($0)) }
    }

    private static func isWritable(_ path: FilePath) -> Bool {
        path.withPlatformString { access($0, W_OK) } == 0
    }
}
