import FileSystem
import OCI
package import SystemPackage

/// A directory that is about to be saved: looked through, checked against its format, and described.
package struct PreparedModel: Sendable {
    /// Holds `model/` and, mostly, `ormbfile.yaml`.
    package var directory: FilePath
    package var tree: ModelTree
    package var format: BundleFormat
    /// What the directory says of itself, with what its files say.
    package var metadata: BundleMetadata
    package var facts: ModelFacts

    static let modelDirectory = "model"

    /// - Throws: ``BundleError``.
    package init(_ directory: FilePath) async throws {
        let root = directory.appending(Self.modelDirectory)
        guard root.isDirectory else {
            throw BundleError(
                .invalidModel,
                "\(directory) has no directory \"\(Self.modelDirectory)\"; the model's files belong in \(root)"
            )
        }
        let (tree, written) = try await blocking { (try ModelTree(of: root), try MetadataFile.read(in: directory)) }
        guard !tree.files.isEmpty else {
            throw BundleError(.invalidModel, "\(root) is empty; put the model's files there")
        }
        let inferred = BundleFormat.inferred(from: tree)
        var metadata = written ?? BundleMetadata(format: inferred)
        let format = try BundleFormat(named: metadata.format, inferred: inferred)
        _ = try format.directory(in: tree, shown: "\(root)")
        let facts = try await ModelFacts.read(tree, in: root, format: format)
        if written == nil {
            // As ORMB does; a directory that cannot be written to is saved all the same.
            try? directory.appending(MetadataFile.name).writeAtomically(metadata.yaml.utf8)
        }
        metadata.complete(facts, tree)
        self.directory = directory
        self.tree = tree
        self.format = format
        self.metadata = metadata
        self.facts = facts
    }

    /// Tells this state of the model's files from another without reading one.
    var fingerprint: String { Self.fingerprint(of: tree.files) }

    static func fingerprint(of files: [ModelTree.File]) -> String {
        var text = ""
        for file in files {
            let identity = file.identity
            text +=
                "\(file.path.utf8.count):\(file.path) \(identity.device) \(identity.inode) \(identity.size) "
                + "\(identity.modified) \(identity.mode)\n"
        }
        return Digest.sha256(of: text.utf8).hexadecimal
    }

    /// Throws when files are no longer as they were when they were looked through.
    static func check(_ files: [ModelTree.File]) throws {
        for file in files where try FileIdentity(of: file.location) != file.identity {
            throw BundleError(
                .fileChanged,
                "\(file.path) changed while it was saved; let whatever writes it finish and try again"
            )
        }
    }
}

extension BundleMetadata {
    /// Fills in what is not written: what the user says counts.
    mutating func complete(_ facts: ModelFacts, _ tree: ModelTree) {
        framework = framework ?? facts.framework
        signature = signature ?? facts.signature
        directoryStructure = tree.files.map { "\(PreparedModel.modelDirectory)/\($0.path)" }
    }
}
