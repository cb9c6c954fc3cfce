import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// Where the project and the programs under test are.
enum Project {
    static let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// The program under test: the one built together with this test.
    static let packager: FilePath = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let bytes = buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:))
        return FilePath(String(decoding: bytes, as: UTF8.self)).removingLastComponent().appending("packager")
    }()

    /// Programs by name are looked up on the path of ``environment(_:)``; `packager` is the one under test.
    static func executable(_ program: String) -> Executable {
        if program == "packager" { return .path(packager) }
        if program.contains("/") { return .path(FilePath(program)) }
        let found = searchPath.split(separator: ":").map { FilePath(String($0)).appending(program) }
            .first { access($0.string, X_OK) == 0 }
        return found.map { .path($0) } ?? .name(program)
    }

    /// This process's own environment, but with the project's tools first on the path and no setting of the developer's.
    static func environment(_ changes: [String: String?] = [:]) -> Environment {
        var updates: [Environment.Key: String?] = ["PATH": searchPath]
        for name in ProcessInfo.processInfo.environment.keys
        where name.hasPrefix("PACKAGER_") || name == "SOURCE_DATE_EPOCH" {
            if let key = Environment.Key(rawValue: name) { updates[key] = .some(nil) }
        }
        // What the person who runs the tests has configured is not for them.
        updates["PACKAGER_CONFIG"] = "/dev/null"
        for (name, value) in changes {
            if let key = Environment.Key(rawValue: name) { updates[key] = .some(value) }
        }
        return .inherit.updating(updates)
    }

    private static let searchPath =
        "\(root)/.tools/bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"):/usr/sbin:/sbin"
}
