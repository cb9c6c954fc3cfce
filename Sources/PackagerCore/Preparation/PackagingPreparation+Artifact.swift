import FileSystem
import SystemPackage

/// The artifact that a packaging names.
enum NamedArtifact: Sendable {
    /// A version of one in the local store.
    case stored(ArtifactInfo)
    /// A file or directory of another place.
    case elsewhere(FilePath)

    /// What a model is called that has no name of its own.
    var fallbackName: String {
        switch self {
        case .stored(let info): info.fallbackName
        case .elsewhere(let path): ArtifactName.stem(of: path.lastComponent?.string ?? path.string)
        }
    }

    /// With its digest as far as that is known.
    var asIs: PackagingRequest.Artifact {
        switch self {
        case .stored(let info): info.source
        case .elsewhere(let path): path.isDirectory ? .directory(path) : .archive(path, digest: nil)
        }
    }

    /// With its digest where the store can know it; one that is not known yet is read, which takes time.
    func hashed(by store: ArtifactStore) async throws -> PackagingRequest.Artifact {
        guard case .stored(let info) = self else { return asIs }
        return try await Self.stored(store.hashed(info)).asIs
    }
}

extension PackagingPreparation {
    /// - Throws: ``ServiceError`` `invalid` where there is none, or its place is none of artifacts.
    func artifact(_ spec: ModelPackaging.Spec) async throws -> NamedArtifact {
        let directory = try await source(spec)
        let absence: String
        if directory == artifacts.directory {
            do {
                return .stored(try await artifacts.info(spec.artifactName))
            } catch let error as ServiceError where error.kind == .notFound {
                absence = error.message
            }
        } else {
            try ArtifactName.check(spec.artifactName)
            let path = directory.appending(spec.artifactName)
            if path.exists { return .elsewhere(path) }
            absence = "artifact \"\(spec.artifactName)\" is not found"
        }
        throw ServiceError(
            .invalid,
            "\(absence) in connection \"\(spec.outputConnection ?? "")\": upload it first, or correct spec.artifactName"
        )
    }

    /// The directory that the artifact is in.
    func source(_ spec: ModelPackaging.Spec) async throws -> FilePath {
        if let directory = local.artifacts { return directory }
        let id = spec.outputConnection ?? ""
        let prefix = "\"Spec.\"OutputConnection\"\" validation errors: "
        if id.isEmpty { throw ServiceError(.invalid, prefix + "empty \"OutputConnection\"") }
        guard let connection = try await connection(id) else {
            throw ServiceError(.invalid, prefix + "entity \"\(id)\" is not found")
        }
        guard connection.spec.type == "file", !locations.isStore(connection.spec.uri),
            let directory = locations.path(of: connection.spec.uri)
        else {
            throw ServiceError(.invalid, prefix + "connection \"\(id)\" holds no artifacts: name one of type file")
        }
        let isArtifacts = id == BuiltInConnection.artifacts || locations.isArtifacts(connection.spec.uri)
        return isArtifacts ? artifacts.directory : directory
    }
}
