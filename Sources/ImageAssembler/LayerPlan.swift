package import SystemPackage

/// A layer before it is built: how to find it again, and how to get its entries when it is not found.
package struct LayerPlan: Sendable {
    /// What the layer holds, for tables, history and messages: "wheel numpy 2.2.0".
    package var name: String
    /// Identifies the layer's uncompressed content for ever; nil for one that is built each time.
    package var key: String?
    package var compression: LayerCompression
    /// Makes the entries, in any order. Called only when the layer index does not know the key.
    package var entries: @Sendable () async throws -> [LayerEntry]

    package init(
        name: String,
        key: String?,
        compression: LayerCompression = .deflate,
        entries: @escaping @Sendable () async throws -> [LayerEntry]
    ) {
        self.name = name
        self.key = key
        self.compression = compression
        self.entries = entries
    }
}

/// Whether a layer's content gains from compression; how it is compressed is the assembler's setting.
package enum LayerCompression: String, Sendable, Hashable, Codable {
    case deflate
    /// The tar itself: for weights, which do not shrink.
    case stored
}

/// One entry of a layer. Missing parent directories are added, owners, times and modes are set by the writer.
package struct LayerEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case directory
        case symbolicLink(target: String)
        /// A file on disk with the size it had when it was listed, in bytes.
        case file(FilePath, size: Int64, executable: Bool)
        case bytes([UInt8], executable: Bool)
        /// What layers below have under this path is gone.
        case removed
    }

    /// From the image's root, without a leading slash, components joined by "/".
    package var path: String
    package var kind: Kind

    package init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}
