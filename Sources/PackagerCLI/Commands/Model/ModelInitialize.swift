import ArgumentParser
import FileSystem
import Foundation
import ModelBundles
import OCI
import Registry
import SystemPackage

struct ModelInitialize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "initialize",
        abstract: "Pull a model and lay it out for a server: the storage initialiser of KServe and Seldon.",
        discussion: """
            The model's files come into the directory 1/, as Triton and TensorFlow Serving want them; those of an MLflow model \
            into the destination itself. Credentials are ORMB_USERNAME and ORMB_PASSWORD, where they are set.

            Examples:
              packager model initialize registry.example.com/iris/sklearn:v1 /mnt/models
            """
    )

    @Argument(help: "The model: HOST/NAME:TAG, or HOST/NAME@DIGEST; oci:// may stand before it.")
    var uri: String

    @Argument(help: "The directory to fill.")
    var destination: String

    @Flag(
        name: .long,
        inversion: .prefixedNo,
        help: "Lay the files out for a server; without, as packager model export."
    )
    var relayout = true

    @OptionGroup var options: ModelOptions
    @OptionGroup var registry: ModelRegistryOptions

    func run() async throws {
        let text = uri.firstRange(of: "://").map { String(uri[$0.upperBound...]) } ?? uri
        let reference = try options.reference(text)
        let cache = try await options.cache()
        let client = try registry.client(for: [reference.resolvedHost], options, given: credentials(reference))
        let (bundle, _) = try await cache.pull(reference, from: client.repository(for: reference))
        var choice = ModelCache.ExportOptions()
        choice.placement = relayout ? (bundle.format == BundleFormat.mlflow.rawValue ? .top : .version) : .asSaved
        try await cache.export(bundle, to: FilePath(destination), options: choice)
        print(ModelSummary(reference: reference, bundle: bundle).text)
    }

    /// Without a user the registry is asked as everywhere else: with what is known, or anonymously.
    private func credentials(_ reference: ImageReference) -> StaticCredentials? {
        let environment = ProcessInfo.processInfo.environment
        guard let user = environment["ORMB_USERNAME"], !user.isEmpty else { return nil }
        let password = environment["ORMB_PASSWORD"] ?? ""
        let credential = RegistryCredential(user: user, password: password, source: "ORMB_USERNAME and ORMB_PASSWORD")
        return StaticCredentials([reference.resolvedHost: credential])
    }
}
