import ArgumentParser
import ModelBundles
import OCI
import PackagerCore

struct ModelCollect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove from the cache the blobs that no model has.",
        discussion: """
            Examples:
              packager model gc --dry-run
              packager model gc
            """
    )

    @Flag(name: .long, help: "Only say what would be removed.")
    var dryRun = false

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let garbage = try await options.cache().collectGarbage(dryRun: dryRun)
        for blob in garbage { print("\(blob.digest)  \(blob.size.sizeAsORMB)") }
        let total = garbage.reduce(0) { $0 + $1.size }.sizeAsORMB
        print("\(garbage.count.counted("blob")), \(total)\(dryRun ? " to be removed" : " removed")")
    }
}
