import Archive
import Concurrency
import FileSystem
import ImageAssembler
import OCI
package import SystemPackage
import YAML

extension ModelCache {
    /// What of a bundle is written.
    package struct ExportOptions: Sendable {
        /// Files whose paths match one of these; all where there is none.
        package var include: [GlobPattern] = []
        /// Whether `ormbfile.yaml` (or a Kitfile) is written too.
        package var metadata = true
        package var placement = Placement.asSaved

        package init() {}
    }

    /// Where the model's files go, below the destination.
    package enum Placement: Sendable, Hashable {
        /// Below `model/`, where the bundle has them there.
        case asSaved
        /// In the destination itself, as MLflow wants it.
        case top
        /// In the directory `1`, as Triton and TensorFlow Serving want it.
        case version
    }

    /// Writes a bundle's files into a directory. They are verified and complete before the first of them is there.
    ///
    /// ORMB's bundles, and those of other profiles that were saved here, become `ormbfile.yaml` and `model/`; others what
    /// they hold, under its own names. What a destination has under the same top names is replaced.
    ///
    /// - Returns: the files' paths, below the destination.
    /// - Throws: ``BundleError``, `ArchiveError`; the destination is then as it was.
    @discardableResult
    package func export(
        _ bundle: ModelBundle,
        to destination: FilePath,
        options: ExportOptions = ExportOptions()
    ) async throws -> [String] {
        try await whileUsing {
            let target = ExportDestination(destination)
            return try await withTemporaryDirectory(in: target.stagingParent, prefix: ".packager") { staging in
                let tree = staging.appending("tree")
                try await blocking { try tree.createDirectories() }
                try await unpack(bundle, into: tree, scratch: staging, options)
                return try await blocking {
                    guard try !ModelTree(of: tree).files.isEmpty else {
                        throw BundleError(.notFound, "no file of the model matches; packager model inspect lists them")
                    }
                    if options.metadata { try writeMetadata(of: bundle, into: tree) }
                    try options.placement.arrange(tree, inModelDirectory: bundle.metadata != nil)
                    let files = try ModelTree(of: tree).files.map(\.path)
                    try target.take(tree, aside: staging)
                    return files
                }
            }
        }
    }

    private func unpack(
        _ bundle: ModelBundle,
        into tree: FilePath,
        scratch: FilePath,
        _ options: ExportOptions
    ) async throws {
        // The metadata is written from what was read of it.
        let files = bundle.layers.filter { layer in
            layer.path.map { path in
                !(bundle.metadata != nil && path == MetadataFile.name) && options.include.matches(path)
            } ?? false
        }
        _ = try await files.concurrentMap(limit: concurrency) { layer in
            try await copy(layer, to: bundle.place(of: layer), in: tree)
        }
        for (number, layer) in bundle.layers.enumerated() where layer.packing == .tar {
            let directory = scratch.appending("layer-\(number)")
            try await blocking { try directory.createDirectories() }
            let members = try await extract(layer, into: directory, options)
            let place = bundle.hasORMBLayout ? tree.appending(PreparedModel.modelDirectory) : tree
            try await blocking {
                try place.createDirectories()
                for member in members { try BundleTree.move(member, from: directory, to: place) }
                try directory.removeTree()
            }
        }
    }

    private func copy(_ layer: BundleLayer, to path: String, in tree: FilePath) async throws {
        let blob = layout.path(of: layer.descriptor.digest)
        let file = tree.pushing(FilePath(path))
        try await withCancellableBlocking { cancellation in
            guard !file.exists else { throw BundleTree.duplicate(path) }
            try file.removingLastComponent().createDirectories()
            try VerifiedBlob.copy(blob, layer.descriptor, to: file, cancellation)
        }
    }

    /// - Returns: the files that are wanted.
    private func extract(_ layer: BundleLayer, into directory: FilePath, _ options: ExportOptions) async throws
        -> [ArchiveMember]
    {
        let blob = layout.path(of: layer.descriptor.digest)
        try await withCancellableBlocking { try VerifiedBlob.check(blob, layer.descriptor, $0) }
        var limits = ArchiveLimits()
        limits.allowsSparseFiles = false
        let members = try await ArchiveExtractor.extract(blob, into: directory, limits: limits)
        if let link = members.first(where: { $0.kind == .symbolicLink }) {
            throw BundleError(
                .hostile,
                "the model's member \"\(link.path.printable)\" is a link; bundles of models hold files only"
            )
        }
        let prefix = PreparedModel.modelDirectory + "/"
        return members.filter { member in
            guard member.kind == .file else { return options.include.isEmpty }
            return options.include.matches(member.path)
                || (member.path.hasPrefix(prefix)
                    && options.include.matches(String(member.path.dropFirst(prefix.count))))
        }
    }

    private func writeMetadata(of bundle: ModelBundle, into tree: FilePath) throws {
        if let metadata = bundle.metadata {
            try tree.appending(MetadataFile.name).writeAtomically(metadata.yaml.utf8)
        } else if bundle.profile == .kitOps, !tree.appending("Kitfile").exists {
            try tree.appending("Kitfile").writeAtomically(YAML.text(bundle.configuration).utf8)
        }
    }
}

extension ModelCache.Placement {
    /// Moves the model's files of an unpacked bundle to where they are wanted.
    ///
    /// - Parameter inModelDirectory: whether they are below `model/` now; if not, they are all there is.
    fileprivate func arrange(_ tree: FilePath, inModelDirectory: Bool) throws {
        if self == .asSaved || (self == .top && !inModelDirectory) { return }
        let files = tree.removingLastComponent().appending("files")
        if inModelDirectory {
            try tree.appending(PreparedModel.modelDirectory).rename(to: files)
        } else {
            try tree.rename(to: files)
            try tree.createDirectories()
        }
        if self == .version { return try files.rename(to: tree.appending("1")) }
        for name in try files.entries() {
            let target = tree.appending(name)
            guard !target.exists else { throw BundleTree.duplicate(name.string) }
            try files.appending(name).rename(to: target)
        }
    }
}

extension ModelBundle {
    /// Where a layer's file goes, below the destination.
    fileprivate func place(of layer: BundleLayer) throws -> String {
        let path = layer.path ?? ""
        guard hasORMBLayout else { return path }
        guard let place = layer.descriptor.annotations?[LayerAnnotation.place] else {
            return "\(PreparedModel.modelDirectory)/\(path)"
        }
        return try BundlePath.checked(place, in: "the layer \(layer.descriptor.digest.short)")
    }
}
