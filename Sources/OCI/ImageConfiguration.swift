/// How an image runs and what its layers unpack to. Source: OCI image specification, "Image Configuration".
///
/// Encoded with `CanonicalJSON`, so that equal values have one digest.
package struct ImageConfiguration: Sendable, Hashable, Codable {
    package var created: String?
    package var author: String?
    package var architecture: String
    package var os: String
    package var variant: String?
    package var config: Execution?
    package var rootfs: RootFileSystem
    package var history: [HistoryEntry]?

    package struct RootFileSystem: Sendable, Hashable, Codable {
        package var type = "layers"
        /// The digests of the uncompressed layers, lowest first.
        package var diffIDs: [Digest]

        package init(diffIDs: [Digest]) { self.diffIDs = diffIDs }

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    package struct HistoryEntry: Sendable, Hashable, Codable {
        package var created: String?
        package var createdBy: String?
        package var author: String?
        package var comment: String?
        package var emptyLayer: Bool?

        package init(created: String?, createdBy: String?, comment: String? = nil) {
            self.created = created
            self.createdBy = createdBy
            self.comment = comment
        }

        enum CodingKeys: String, CodingKey {
            case created, author, comment
            case createdBy = "created_by"
            case emptyLayer = "empty_layer"
        }
    }

    package struct Execution: Sendable, Hashable, Codable {
        package var user: String?
        package var exposedPorts: [String: Empty]?
        package var environment: [String]?
        package var entrypoint: [String]?
        package var command: [String]?
        package var volumes: [String: Empty]?
        package var workingDirectory: String?
        package var labels: [String: String]?
        package var stopSignal: String?

        package init() {}

        /// The value of a variable in ``environment``.
        package func variable(_ name: String) -> String? {
            environment?.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }

        enum CodingKeys: String, CodingKey {
            case user = "User"
            case exposedPorts = "ExposedPorts"
            case environment = "Env"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case volumes = "Volumes"
            case workingDirectory = "WorkingDir"
            case labels = "Labels"
            case stopSignal = "StopSignal"
        }
    }

    /// `{}`: the value of every key of a set in Go's JSON.
    package struct Empty: Sendable, Hashable, Codable {
        package init() {}
    }

    package init(
        platform: Platform,
        execution: Execution?,
        diffIDs: [Digest],
        history: [HistoryEntry]?,
        created: String?
    ) {
        architecture = platform.architecture
        os = platform.os
        variant = platform.variant
        config = execution
        rootfs = RootFileSystem(diffIDs: diffIDs)
        self.history = history
        self.created = created
    }

    package var platform: Platform { Platform(architecture: architecture, os: os, variant: variant) }
}
