package import OCI

/// A finished layer: its blob, and the digest of what it unpacks to.
package struct Layer: Sendable, Hashable, Codable {
    package var name: String
    package var descriptor: Descriptor
    package var diffID: Digest

    package init(name: String, descriptor: Descriptor, diffID: Digest) {
        self.name = name
        self.descriptor = descriptor
        self.diffID = diffID
    }
}

/// Remembers which layers a key stands for, so that they are never made twice.
///
/// A layer whose blob has left the store since is made again; the assembler checks.
package protocol LayerIndex: Sendable {
    func layers(for key: String) async throws -> [Layer]?
    func record(_ layers: [Layer], for key: String) async throws
}
