import Concurrency
import FileSystem
import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import SystemPackage

extension ModelCache {
    /// ModelPack's manifest: each weight a layer of its own, not compressed. Source: ModelPack, `docs/spec.md`.
    func modelPackManifest(of model: PreparedModel) async throws -> ImageManifest {
        guard model.tree.file(MetadataFile.name) == nil else {
            throw BundleError(
                .invalidModel,
                "the model has a file \(MetadataFile.name) of its own, which is the metadata's name; rename it"
            )
        }
        let beside = try await blocking { try model.filesBeside() }
        let layers = ModelPackLayout(model.tree.files + beside).layers
        let besidePaths = Set(beside.map(\.path))
        var descriptors = try await layers.concurrentMap(limit: concurrency) { layer in
            try await descriptor(of: layer, beside: besidePaths)
        }
        let yaml = Data(model.metadata.yaml.utf8)
        var metadata = try await put(yaml, as: .modelPackLayer(.configuration, "raw"))
        metadata.annotations = Self.annotations(
            MetadataFile.name,
            size: metadata.size,
            executable: false,
            place: MetadataFile.name
        )
        descriptors.append(metadata)
        let configuration = try await put(
            CanonicalJSON.encode(ModelPackConfiguration(of: model, diffIDs: descriptors.map(\.digest))),
            as: .modelPackConfiguration
        )
        var manifest = ImageManifest(config: configuration, layers: descriptors)
        manifest.artifactType = MediaType.modelPackManifest.rawValue
        return manifest
    }

    /// - Parameter beside: files that do not lie below `model/`.
    private func descriptor(of layer: ModelPackLayout.Layer, beside: Set<String>) async throws -> Descriptor {
        switch layer {
        case .raw(let file, let role):
            var descriptor = try await rawLayer(file).descriptor
            descriptor.mediaType = .modelPackLayer(role, "raw")
            descriptor.annotations = Self.annotations(
                file.path,
                size: file.identity.size,
                executable: file.identity.isExecutable,
                place: beside.contains(file.path) ? file.path : nil
            )
            return descriptor
        case .tar(let files, let role):
            let writer = LayerWriter(store: layout, compression: .none)
            var descriptor = try await indexed("tar:\(PreparedModel.fingerprint(of: files))", files) {
                try await writer.write(files.map { $0.entry(below: "") }, name: role.rawValue, compression: .stored)
            }.descriptor
            descriptor.mediaType = .modelPackLayer(role, "tar")
            let name = "\(role.rawValue).tar"
            descriptor.annotations = [LayerAnnotation.path: name, LayerAnnotation.title: name]
            return descriptor
        }
    }

    /// A blob of a file's own bytes.
    private func rawLayer(_ file: ModelTree.File) async throws -> Layer {
        try await indexed("raw:\(PreparedModel.fingerprint(of: [file]))", [file]) {
            try await LayerWriter(store: layout, compression: .none).write(tar: file.location, name: file.path)
        }
    }

    /// Times and owners are the same for all: equal files have equal manifests.
    private static func annotations(_ path: String, size: Int64, executable: Bool, place: String?) -> [String: String] {
        let metadata: JSONValue = [
            "name": .string(path), "mode": executable ? 0o755 : 0o644, "uid": 0, "gid": 0, "size": .integer(size),
            "mtime": "1970-01-01T00:00:00Z", "typeflag": 48,
        ]
        var annotations = [LayerAnnotation.path: path, LayerAnnotation.title: path]
        annotations[LayerAnnotation.place] = place
        if let text = try? CanonicalJSON.encode(metadata) {
            annotations[LayerAnnotation.fileMetadata] = String(decoding: text, as: UTF8.self)
        }
        return annotations
    }
}

extension PreparedModel {
    /// README and LICENSE beside `ormbfile.yaml`, where the model has none of its own: Harbor shows them.
    fileprivate func filesBeside() throws -> [ModelTree.File] {
        try ["LICENSE", "LICENSE.txt", "README", "README.md"].compactMap { name in
            let location = directory.appending(name)
            guard tree.file(name) == nil, location.exists else { return nil }
            let identity = try FileIdentity(of: location, followingLinks: false)
            guard identity.isRegularFile else { return nil }
            return ModelTree.File(path: name, location: location, identity: identity)
        }
    }
}

extension MediaType {
    static func modelPackLayer(_ role: ModelPackLayout.Role, _ packing: String) -> MediaType {
        MediaType(rawValue: "application/vnd.cncf.model.\(role.rawValue).v1.\(packing)")
    }
}
