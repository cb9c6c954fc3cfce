package import OCI

/// One layer of a bundle, with what it unpacks to.
package struct BundleLayer: Sendable, Hashable {
    package enum Packing: Sendable, Hashable {
        /// The blob is the file at this path.
        case raw(path: String)
        /// A tar, perhaps compressed, of files with paths of their own.
        case tar
    }

    package var descriptor: Descriptor
    /// In the profile's words: "weight", "doc", "model".
    package var role: String
    package var packing: Packing

    /// The file's path, where it is one file.
    package var path: String? {
        if case .raw(let path) = packing { path } else { nil }
    }
}

extension BundleLayer {
    /// What a media type says of a layer.
    private struct Kind {
        var role: String
        var isRaw: Bool
    }

    /// - Parameters:
    ///   - number: of the layer among those of its type, from 1, for files without names.
    ///   - count: of them all.
    /// - Throws: ``BundleError`` `notABundle` for a type that the profile does not have, `hostile` for a path that leads
    ///   elsewhere.
    init(_ descriptor: Descriptor, of profile: BundleProfile, number: Int, of count: Int) throws {
        let type = descriptor.mediaType.rawValue
        let kind: Kind? =
            switch profile {
            case .ormb: descriptor.mediaType == .ormbLayer ? Kind(role: "model", isRaw: false) : nil
            case .modelPack: Self.modelPack(type)
            case .kitOps: Self.kitOps(type)
            case .dockerModel: Self.dockerModel(type)
            }
        guard let kind else {
            throw BundleError(
                .notABundle,
                "the layer \(descriptor.digest) has the media type \(type.printable), which no bundle of the profile "
                    + "\(profile.rawValue) has"
            )
        }
        self.descriptor = descriptor
        role = kind.role
        guard kind.isRaw else {
            self.packing = .tar
            return
        }
        let annotations = descriptor.annotations ?? [:]
        let named =
            annotations[LayerAnnotation.path] ?? annotations[LayerAnnotation.legacyPath]
            ?? annotations[LayerAnnotation.title]
        let path = named ?? Self.defaultName(kind.role, number: number, of: count)
        self.packing = .raw(path: try BundlePath.checked(path, in: "the layer \(descriptor.digest.short)"))
    }

    /// `application/vnd.cncf.model.ROLE.v1.PACKING`, or the same with `cnai`.
    private static func modelPack(_ type: String) -> Kind? {
        guard let match = type.wholeMatch(of: /application\/vnd\.(?:cncf|cnai)\.model\.([a-z.]+)\.v1\.([a-z+]+)/) else {
            return nil
        }
        switch match.2 {
        // Docker Model Runner has written the last two.
        case "raw", "gguf", "safetensors": return Kind(role: String(match.1), isRaw: true)
        case "tar", "tar+gzip", "tar+zstd": return Kind(role: String(match.1), isRaw: false)
        default: return nil
        }
    }

    private static func kitOps(_ type: String) -> Kind? {
        guard let match = type.wholeMatch(of: /application\/vnd\.kitops\.modelkit\.([a-z]+)\.v1\.tar(?:\+gzip|\+zstd)?/)
        else { return nil }
        return Kind(role: String(match.1), isRaw: false)
    }

    private static func dockerModel(_ type: String) -> Kind? {
        guard type.hasPrefix("application/vnd.docker.ai.") else { return nil }
        let kind = String(type.dropFirst("application/vnd.docker.ai.".count))
        return Kind(role: kind, isRaw: !kind.hasSuffix(".tar"))
    }

    /// What Docker's packages leave unsaid.
    private static func defaultName(_ role: String, number: Int, of count: Int) -> String {
        let numbered = count == 1 ? "" : "-\(padded(number))-of-\(padded(count))"
        return switch role {
        case "gguf.v3": "model\(numbered).gguf"
        case "gguf.v3.lora": "adapter\(numbered).gguf"
        case "gguf.v3.mmproj", "mmproj": "mmproj\(numbered).gguf"
        case "safetensors": "model\(numbered).safetensors"
        case "chat.template.jinja": "chat_template.jinja"
        case "license": count == 1 ? "LICENSE" : "LICENSE-\(number)"
        case "dduf": "model\(numbered).dduf"
        default: "\(role)\(numbered)"
        }
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
