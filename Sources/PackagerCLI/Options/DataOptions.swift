import ArgumentParser
import FileSystem
import Foundation
import PackagerCore
import SystemPackage

/// Where all state is: database, images, artifacts, caches.
struct DataOptions: ParsableArguments {
    @Option(name: .long, help: Setting.data.help)
    var data: String?

    var directory: StateDirectory { StateDirectory(path.absolute) }

    private var path: FilePath {
        if let path = data ?? Setting.data.value { return FilePath(path) }
        let environment = ProcessInfo.processInfo.environment
        let home = environment["XDG_DATA_HOME"] ?? "\(environment["HOME"] ?? ".")/.local/share"
        return FilePath(home).appending("packager")
    }
}
