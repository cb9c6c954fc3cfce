import ArgumentParser
import FileSystem
import ModelBundles
import OCI
import SystemPackage

struct ModelSave: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Save a model's directory in the cache, under a name.",
        discussion: """
            The directory holds the model's files in model/ and what is known of them in ormbfile.yaml. Without that file the \
            format is told from the files, and written there.

            Examples:
              packager model save iris/ registry.example.com/iris/sklearn:v1
            """
    )

    @Argument(help: "The directory that holds model/.")
    var directory: String

    @Argument(help: "The model's name: HOST/NAME:TAG.")
    var reference: String

    @Option(name: .long, help: "ormb (one archive) or modelpack (CNCF ModelPack: a layer for each file).")
    var profile: BundleProfile = .ormb

    @OptionGroup var options: ModelOptions

    func validate() throws {
        guard profile.isWritten else {
            throw ValidationError("the profile \(profile.rawValue) is read only; save with ormb or modelpack")
        }
    }

    func run() async throws {
        let reference = try options.reference(reference)
        let model = try await PreparedModel(FilePath(directory).absolute)
        let bundle = try await options.cache().save(model, as: reference, profile: profile)
        let summary = ModelSummary(reference: reference, bundle: bundle)
        print(summary.text)
        print("\(summary.label): saved")
    }
}

extension BundleProfile: ExpressibleByArgument {
    package static var allValueStrings: [String] { allCases.filter(\.isWritten).map(\.rawValue) }
}
