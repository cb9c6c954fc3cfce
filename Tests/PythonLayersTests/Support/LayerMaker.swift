import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@testable import PythonLayers

/// Makes layers of base images, with whatever a member may be.
struct LayerMaker {
    enum Member {
        case file(String, String = "")
        case bytes(String, count: Int)
        case directory(String)
        case symbolicLink(String, to: String)
        case hardLink(String, to: String)
        case device(String)

        fileprivate var json: JSONValue {
            switch self {
            case .file(let path, let text): [.string(path), "0", .string(text)]
            case .bytes(let path, let count): [.string(path), "0", .integer(Int64(count))]
            case .directory(let path): [.string(path), "5", ""]
            case .symbolicLink(let path, let target): [.string(path), "2", .string(target)]
            case .hardLink(let path, let target): [.string(path), "1", .string(target)]
            case .device(let path): [.string(path), "3", ""]
            }
        }
    }

    private static let program = """
        import io, json, sys, tarfile
        path, mode = sys.argv[1:]
        with tarfile.open(path, mode) as archive:
            for name, kind, content in json.load(sys.stdin):
                info = tarfile.TarInfo(name)
                info.type = kind.encode()
                data = b""
                if kind in "12":
                    info.linkname = content
                elif kind == "0":
                    data = b"x" * content if isinstance(content, int) else content.encode()
                    info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        """

    /// - Parameter mode: of Python's `tarfile`: `w` or `w:gz`.
    static func make(_ members: [Member], mode: String = "w:gz", in directory: FilePath) async throws -> (
        Descriptor, [UInt8]
    ) {
        let path = directory.appending("made-layer")
        let input = String(decoding: try CanonicalJSON.encode(members.map(\.json)), as: UTF8.self)
        let result = try await Command.run(["python3", "-c", program, path.string, mode], input: input)
        try #require(result.succeeded, "\(result.error)")
        return try layer(path)
    }

    /// A layer with everything that is below a directory of this machine, under its own path.
    static func make(from tree: FilePath, in directory: FilePath) async throws -> (Descriptor, [UInt8]) {
        let path = directory.appending("made-layer")
        let source = String(tree.string.dropFirst())
        let result = try await Command.run(["tar", "-C", "/", "-czf", path.string, source])
        try #require(result.succeeded, "\(result.error)")
        return try layer(path)
    }

    private static func layer(_ path: FilePath) throws -> (Descriptor, [UInt8]) {
        let bytes = try path.readAll(limit: 1 << 30)
        return (Descriptor(mediaType: .ociLayerGzip, digest: .sha256(of: bytes), size: Int64(bytes.count)), bytes)
    }

    /// What the product reads of a layer with these members.
    static func read(_ members: [Member], mode: String = "w:gz") async throws -> BaseLayer {
        try await withWorkshop { directory in
            let (descriptor, bytes) = try await make(members, mode: mode, in: directory)
            let base = try baseImage(layers: [(descriptor, .bytes(bytes))])
            let cache = CacheDirectory(root: directory.appending("cache"))
            try cache.unfinished.createDirectories()
            return try await BaseLayerReader(cache: cache).read(descriptor, of: base.source)
        }
    }
}

extension LayerMaker.Member {
    /// An installed distribution's metadata in a directory such as `usr/lib/python3/dist-packages`.
    static func distribution(_ directory: String, _ name: String, _ version: String) -> Self {
        .file(
            "\(directory)/\(name)-\(version).dist-info/METADATA",
            "Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\nSummary: it\n\nName: other\nVersion: 9\n"
        )
    }
}

extension BaseContents {
    /// `name version @ directory`, sorted.
    var listing: [String] { distributions.map { "\($0.name) \($0.version) @ \($0.directory)" }.sorted() }
}
