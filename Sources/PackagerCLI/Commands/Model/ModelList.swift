import ArgumentParser
import Foundation
import JSON
import ModelBundles
import OCI

struct ModelList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models of the cache.",
        discussion: """
            Examples:
              packager model models
              packager model ls -o json
            """,
        aliases: ["ls"]
    )

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let now = Int64(Date().timeIntervalSince1970)
        let rows = try await options.cache().entries().map { entry -> JSONValue in
            [
                "name": .string(entry.reference.description),
                "repository": .string(entry.reference.name),
                "tag": .string(entry.reference.tag ?? "<none>"),
                "model": .string(entry.bundle.modelDigest.short),
                "digest": .string(entry.bundle.digest.description),
                "profile": .string(entry.bundle.profile.rawValue),
                "created": .string(entry.stored.age(at: now)),
                "size": .integer(entry.bundle.size),
            ]
        }
        print(
            try output.output.render(
                rows,
                columns: [
                    .init("REPOSITORY") { $0["repository"]?.stringValue },
                    .init("TAG") { $0["tag"]?.stringValue },
                    .init("MODEL ID") { $0["model"]?.stringValue },
                    .init("CREATED") { $0["created"]?.stringValue },
                    .init("SIZE") { $0["size"]?.integerValue?.sizeAsORMB },
                ]
            )
        )
    }
}
