/// How layers that gain from compression are compressed; a setting of the assembler, not of the layer.
package enum CompressionMode: String, Sendable, Hashable, Codable, CaseIterable {
    /// ISA-L at level 1: an order of magnitude faster than gzip at the size of its level 1.
    case fast
    /// zlib at level 6: the same bytes on every machine, smaller and slower.
    case small
    /// Plain tar.
    case none

    /// Names everything but the entries that a layer's bytes follow from, so that layers made otherwise are not mixed up.
    func fingerprint(for compression: LayerCompression) -> String {
        switch (compression, self) {
        case (.stored, _), (_, .none): "tar"
        case (.deflate, .fast): "gzip-isal-2"
        case (.deflate, .small): "gzip-zlib-6"
        }
    }
}
