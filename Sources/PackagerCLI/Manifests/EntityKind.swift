import ArgumentParser
import JSON
import PackagerCore

/// A kind of entity that the server keeps: what the commands on it have to know.
protocol EntityKind: Sendable {
    /// How a manifest's document becomes a value; what does not decode is refused before anything is sent.
    associatedtype Entity: Decodable
    /// What `create` and `edit` do once the server has the entity.
    associatedtype FollowUp: EntityFollowUp
    /// Whether `get` can show secrets.
    associatedtype Revealing: EntityRevealing

    /// The `kind` of its manifests.
    static var kind: String { get }
    /// What a sentence calls one of them.
    static var noun: String { get }
    /// ODAHU's path of the list; the short path of packagings hides one that is called "integration".
    static var path: String { get }
    /// The name of its group of commands.
    static var command: String { get }
    static var aliases: [String] { get }
    /// `--id` and ODAHU's other name for it.
    static var idNames: NameSpecification { get }
    static var columns: [Table.Column] { get }
    static var spelling: ManifestSpelling { get }
    /// For help texts.
    static var exampleFile: String { get }
    static var exampleOfJSONPath: String { get }
}

extension EntityKind {
    static var aliases: [String] { [] }
    static var exampleOfJSONPath: String { "jsonpath=$[0].spec" }
}

enum PackagingKind: EntityKind {
    typealias Entity = ModelPackaging
    typealias FollowUp = PackagingFollowUp
    typealias Revealing = NoSecrets

    static let kind = "ModelPackaging"
    static let noun = "packaging"
    static let path = "/api/v1/model/packaging"
    static let command = "pack"
    static let idNames: NameSpecification = [.customLong("id"), .customLong("pack-id")]
    static let spelling = ManifestSpelling.modelPackaging
    static let exampleFile = "pack.yaml"
    static let exampleOfJSONPath = "jsonpath=$[0].status.results[0].value"

    static var columns: [Table.Column] {
        [
            .init("ID") { $0["id"]?.stringValue },
            .init("STATE") { $0["status"]?["state"]?.stringValue },
            .init("INTEGRATION") { $0["spec"]?["integrationName"]?.stringValue },
            .init("ARTIFACT") { $0["spec"]?["artifactName"]?.stringValue },
            .init("IMAGE") { entity in
                entity["status"]?["results"]?.arrayValue?.first { $0["name"] == "image" }?["value"]?.stringValue
            },
            .init("UPDATED") { $0["updatedAt"]?.stringValue },
        ]
    }
}

enum IntegrationKind: EntityKind {
    typealias Entity = PackagingIntegration
    typealias FollowUp = EntityReport
    typealias Revealing = NoSecrets

    static let kind = "PackagingIntegration"
    static let noun = "packaging integration"
    static let path = "/api/v1/packaging/integration"
    static let command = "packaging-integration"
    static let aliases = ["pi"]
    static let idNames: NameSpecification = [.customLong("id"), .customLong("pi-id")]
    static let spelling = ManifestSpelling.packagingIntegration
    static let exampleFile = "integration.yaml"

    static var columns: [Table.Column] {
        [
            .init("ID") { $0["id"]?.stringValue },
            .init("ENTRYPOINT") { $0["spec"]?["entrypoint"]?.stringValue },
            .init("IMAGE") { $0["spec"]?["defaultImage"]?.stringValue },
            .init("TARGETS") { $0["spec"]?["schema"]?["targets"]?.names },
            .init("ARGUMENTS") { $0["spec"]?["schema"]?["arguments"]?["properties"]?.names },
        ]
    }
}

enum ConnectionKind: EntityKind {
    typealias Entity = WireConnection
    typealias FollowUp = EntityReport
    typealias Revealing = ConnectionSecrets

    static let kind = "Connection"
    static let noun = "connection"
    static let path = "/api/v1/connection"
    static let command = "connection"
    static let aliases = ["conn"]
    static let idNames: NameSpecification = [.customLong("id"), .customLong("conn-id")]
    static let spelling = ManifestSpelling.connection
    static let exampleFile = "connection.yaml"

    static var columns: [Table.Column] {
        [
            .init("ID") { $0["id"]?.stringValue },
            .init("TYPE") { $0["spec"]?["type"]?.stringValue },
            .init("URI") { $0["spec"]?["uri"]?.stringValue },
            .init("USER") { $0["spec"]?["username"]?.stringValue },
            .init("DESCRIPTION") { $0["spec"]?["description"]?.stringValue },
        ]
    }
}

/// The kinds of manifests, ours and those that only ODAHU has.
enum EntityKinds {
    static let all: [any EntityKind.Type] = [PackagingKind.self, IntegrationKind.self, ConnectionKind.self]

    /// Manifests of these are about training and serving, which are none of Packager's work.
    static let foreign = [
        "ModelTraining", "ToolchainIntegration", "TrainingIntegration", "ModelDeployment", "ModelRoute",
        "InferenceService", "InferenceJob", "BatchInferenceJob", "BatchInferenceService",
    ]

    static func named(_ kind: String) -> (any EntityKind.Type)? { all.first { $0.kind == kind } }
}
