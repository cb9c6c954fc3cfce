import ArgumentParser
import ModelBundles
import OCI
import PackagerCore

struct ModelVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read every blob of a model of the cache and hold it against its digest.",
        discussion: """
            Examples:
              packager model verify registry.example.com/iris/sklearn:v1
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG, or HOST/NAME@DIGEST.")
    var reference: String

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let reference = try options.reference(reference)
        let cache = try await options.cache()
        let blobs = try await cache.verify(cache.bundle(reference))
        let size = blobs.reduce(0) { $0 + $1.size }
        print("\(reference): \(blobs.count.counted("blob")) verified, \(size.sizeAsORMB)")
    }
}
