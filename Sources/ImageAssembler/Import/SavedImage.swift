import Archive
import FoundationEssentials
import JSON
import OCI

/// An image on its way out of an archive as `docker save` writes it: layers into the store, documents into memory.
///
/// Both of its forms are read: `manifest.json` with `<layer>/layer.tar` of older engines, and the image layout with
/// `blobs/sha256/<digest>` beside that file. The order of the entries does not matter, for engines have several.
///
/// `@unchecked Sendable`: its owner calls it from one task, one call after another.
final class SavedImage: @unchecked Sendable {
    /// Bytes of a document, and of all documents together.
    private static let documentLimit: Int64 = 8 << 20
    private static let documentsLimit = 64 << 20
    private static let entriesLimit = 10_000

    private let writer: LayerWriter
    /// Digests and diff IDs of layers that need not be taken in.
    private let known: Set<Digest>
    private var tar = TarSplitter(name: "the engine's image")
    private var entry: Entry?
    private var documents: [String: [UInt8]] = [:]
    private var documentBytes = 0
    private var links: [String: String] = [:]
    private var layers: [String: StoredLayer] = [:]

    private enum Entry {
        /// Too few bytes to tell what it is.
        case unknown(path: String, size: Int64, [UInt8])
        case document(path: String, [UInt8])
        case layer(path: String, LayerIntake)
        case skipped
    }

    /// - Parameter known: layers that the caller has from elsewhere, by digest or diff ID.
    init(writer: LayerWriter, known: Set<Digest>) {
        self.writer = writer
        self.known = known
    }

    func take(_ bytes: UnsafeRawBufferPointer) throws {
        try tar.take(bytes) { part in
            switch part {
            case .begin(let entry): try begin(entry)
            case .bytes(let bytes): try append(bytes)
            case .end: try end()
            }
        }
    }

    /// Gives up what is not whole.
    func discard() {
        if case .layer(_, let intake) = entry { intake.discard() }
        entry = nil
    }

    /// The image, when the whole archive has been taken.
    func finish() throws -> (configuration: [UInt8], layers: [StoredLayer]) {
        try tar.finish()
        guard let bytes = documents["manifest.json"],
            let images = try? CanonicalJSON.decode([Manifest].self, from: Data(bytes)), images.count == 1
        else { throw Self.invalid("it has no manifest.json of one image") }
        guard let configuration = documents[resolved(images[0].config)] else {
            throw Self.invalid("it has no configuration")
        }
        let layers = try images[0].layers.map { path in
            let path = resolved(path)
            if let layer = self.layers[path] { return layer }
            if let digest = knownDigest(in: path) { return .known(digest) }
            // A layer without a file in it looks like nothing.
            guard let bytes = documents[path] else { throw Self.invalid("its layer \(path.prefix(100)) is missing") }
            let intake = try LayerIntake(writer, isCompressed: false)
            do {
                try bytes.withUnsafeBytes { try intake.append($0) }
                return try intake.finish(unless: known)
            } catch {
                intake.discard()
                throw error
            }
        }
        return (configuration, layers)
    }

    private struct Manifest: Decodable {
        var config: String
        var layers: [String]

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case layers = "Layers"
        }
    }

    private func begin(_ entry: TarSplitter.Entry) throws {
        guard links.count + documents.count + layers.count < Self.entriesLimit else {
            throw Self.invalid("it has more than \(Self.entriesLimit) entries")
        }
        switch entry.kind {
        case .link(let target):
            links[entry.path] = target
            self.entry = .skipped
        case .file where knownDigest(in: entry.path) == nil:
            self.entry = .unknown(path: entry.path, size: entry.size, [])
        case .file, .other:
            self.entry = .skipped
        }
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws {
        switch entry {
        case .unknown(let path, let size, let before):
            // Enough to see the mark of a tar.
            let first = before + bytes.prefix(TarMark.length - before.count)
            if first.count < min(Int64(TarMark.length), size) {
                entry = .unknown(path: path, size: size, first)
                return
            }
            let rest = UnsafeRawBufferPointer(rebasing: bytes[(first.count - before.count)...])
            entry = try recognised(path, size, first)
            try first.withUnsafeBytes { try append($0) }
            if !rest.isEmpty { try append(rest) }
        case .document(let path, var text):
            documentBytes += bytes.count
            guard documentBytes <= Self.documentsLimit else { throw Self.invalid("its documents are too large") }
            // Taken out first: bytes that have one owner grow in place.
            entry = nil
            text.append(contentsOf: bytes)
            entry = .document(path: path, text)
        case .layer(_, let intake): try intake.append(bytes)
        case .skipped, nil: break
        }
    }

    private func recognised(_ path: String, _ size: Int64, _ first: [UInt8]) throws -> Entry {
        let mark = TarMark(first)
        if mark == nil, size <= Self.documentLimit { return .document(path: path, []) }
        return .layer(path: path, try LayerIntake(writer, isCompressed: mark?.isCompressed ?? false, mark: mark))
    }

    private func end() throws {
        switch entry {
        case .unknown(let path, _, _): documents[path] = []
        case .document(let path, let bytes): documents[path] = bytes
        case .layer(let path, let intake): layers[path] = try intake.finish(unless: known)
        case .skipped, nil: break
        }
        entry = nil
    }

    /// `blobs/sha256/<digest>` of a layer that need not be taken in.
    private func knownDigest(in path: String) -> Digest? {
        let parts = path.split(separator: "/")
        guard parts.count == 3, parts[0] == "blobs", let digest = Digest("\(parts[1]):\(parts[2])") else { return nil }
        return known.contains(digest) ? digest : nil
    }

    /// The path that a link stands for.
    private func resolved(_ path: String) -> String {
        var path = path
        for _ in 0..<8 {
            guard let target = links[path] else { return path }
            var parts = path.split(separator: "/").dropLast()
            for part in target.split(separator: "/") where part != "." {
                if part == ".." { _ = parts.popLast() } else { parts.append(part) }
            }
            path = parts.joined(separator: "/")
        }
        return path
    }

    static func invalid(_ reason: String) -> AssemblerError {
        AssemblerError(.invalidBase, "the image that the engine made cannot be read: \(reason)")
    }
}
