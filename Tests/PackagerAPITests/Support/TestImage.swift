import FoundationEssentials
import ImageAssembler
import JSON
import OCI
import SystemPackage

/// A small image that clients accept, put into a layout as packaging would.
struct TestImage {
    var manifest: StoredManifest
    var configuration: Descriptor
    var layer: Descriptor
    /// A tar archive of one file, `hello`, that takes more than one block to send.
    var layerBytes: [UInt8]

    @discardableResult
    static func put(_ name: String, in layout: OCILayout, text: String = "hello") async throws -> TestImage {
        let reference = try ImageReference(parsing: name)
        let repository = layout.repository(reference)
        let layerBytes = tar(file: "hello", Array(text.utf8) + [UInt8](repeating: 0x2e, count: 700_000))
        let layer = Descriptor(mediaType: .ociLayer, digest: .sha256(of: layerBytes), size: Int64(layerBytes.count))
        let value = ImageConfiguration(
            platform: .host,
            execution: nil,
            diffIDs: [layer.digest],
            history: nil,
            created: "1970-01-01T00:00:00Z"
        )
        let configurationBytes = Array(try CanonicalJSON.encode(value))
        let configuration = Descriptor(
            mediaType: .ociConfiguration,
            digest: .sha256(of: configurationBytes),
            size: Int64(configurationBytes.count)
        )
        let manifest = StoredManifest(
            mediaType: .ociManifest,
            bytes: try CanonicalJSON.encode(ImageManifest(config: configuration, layers: [layer]))
        )
        try await repository.put(layer, .bytes(layerBytes))
        try await repository.put(configuration, .bytes(configurationBytes))
        try await repository.put(manifest, tag: reference.tag ?? "latest")
        return TestImage(manifest: manifest, configuration: configuration, layer: layer, layerBytes: layerBytes)
    }

    /// An index over images that are in the layout already.
    static func putIndex(
        _ name: String,
        of images: [(TestImage, Platform)],
        in layout: OCILayout
    ) async throws -> StoredManifest {
        let descriptors = images.map { image, platform in
            var descriptor = image.manifest.descriptor
            descriptor.platform = platform
            return descriptor
        }
        let reference = try ImageReference(parsing: name)
        let bytes = try CanonicalJSON.encode(ImageIndex(manifests: descriptors))
        let index = StoredManifest(mediaType: .ociIndex, bytes: bytes)
        try await layout.repository(reference).put(index, tag: reference.tag)
        return index
    }

    /// A ustar archive. Source: POSIX.1-2017, pax, "ustar Interchange Format".
    static func tar(file name: String, _ contents: [UInt8]) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func set(_ offset: Int, _ text: String) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        func octal(_ value: Int, _ width: Int) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        set(0, name)
        set(100, "0000644\0")
        set(108, "0000000\0")
        set(116, "0000000\0")
        set(124, octal(contents.count, 11))
        set(136, octal(0, 11))
        set(148, "        ")
        set(156, "0")
        set(257, "ustar\u{0}00")
        set(148, octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ")
        let padding = [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
        return header + contents + padding + [UInt8](repeating: 0, count: 1024)
    }
}
