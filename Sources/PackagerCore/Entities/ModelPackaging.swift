package import FoundationEssentials
package import JSON

/// What is to be packaged, how and to where, and what came of it. Field names are ODAHU's.
package struct ModelPackaging: Sendable, Hashable, Codable {
    package var id: String
    package var createdAt: Date?
    package var updatedAt: Date?
    package var spec: Spec
    package var status: Status?

    package init(id: String, spec: Spec, status: Status? = nil) {
        self.id = id
        self.spec = spec
        self.status = status
    }

    package struct Spec: Sendable, Hashable, Codable {
        /// The artifact's name in the store that `outputConnection` names.
        package var artifactName: String
        /// The id of a ``PackagingIntegration``.
        package var integrationName: String
        package var image: String?
        /// Values for the integration's arguments; its defaults are merged in when the job runs.
        package var arguments: [String: JSONValue]?
        package var targets: [Target]?
        package var resources: ResourceRequirements?
        /// The connection that the artifact is read from.
        package var outputConnection: String?
        package var nodeSelector: [String: String]?

        package init(artifactName: String, integrationName: String) {
            self.artifactName = artifactName
            self.integrationName = integrationName
        }
    }

    package struct Target: Sendable, Hashable, Codable {
        /// The name the integration's schema gives the target: "docker-push", "docker-pull".
        package var name: String
        package var connectionName: String

        package init(name: String, connectionName: String) {
            self.name = name
            self.connectionName = connectionName
        }
    }

    package struct Result: Sendable, Hashable, Codable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package enum State: String, Sendable, Codable, CaseIterable {
        case unknown, scheduling, running, succeeded, failed

        package var isTerminal: Bool { self == .succeeded || self == .failed }
    }

    package struct Status: Sendable, Hashable, Codable {
        package var state: State
        package var reason: String?
        package var message: String?
        package var exitCode: Int?
        package var attempt: Int?
        package var startedAt: Date?
        package var finishedAt: Date?
        /// Of the latest attempt, in their order; the last one may still run.
        package var steps: [PackagingStep]?
        package var results: [Result]?

        package init(state: State) { self.state = state }
    }
}

/// Kubernetes quantities as strings; numbers are accepted and kept as their text.
package struct ResourceRequirements: Sendable, Hashable, Codable {
    package struct List: Sendable, Hashable, Codable {
        package var cpu: String?
        package var gpu: String?
        package var memory: String?
    }

    package var limits: List?
    package var requests: List?
}
