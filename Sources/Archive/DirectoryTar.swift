import FileSystem
package import SystemPackage

/// Directories as one tar that is made while it is read: a sequence of chunks, of which one is in memory.
///
/// Entries are in the order of their names. Owners, modes and times are those of ``TarWriter`` unless others are asked
/// for; links are written as they are, wherever they lead.
package struct DirectoryTar: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    /// A directory whose contents are in the tar.
    package struct Part: Sendable, Hashable {
        package var root: FilePath
        /// The directory of the tar that they are in; empty for its root.
        package var prefix: String

        package init(_ root: FilePath, below prefix: String = "") {
            self.root = root
            self.prefix = prefix
        }
    }

    package struct Attributes: Sendable, Hashable {
        /// The modification time of every entry, in seconds since 1970.
        package var modified: Int64
        package var owner: TarWriter.Owner
        /// Takes the permissions that files and directories have.
        package var keepsModes: Bool

        package init(modified: Int64 = 0, owner: TarWriter.Owner = .root, keepsModes: Bool = false) {
            self.modified = modified
            self.owner = owner
            self.keepsModes = keepsModes
        }
    }

    private let parts: [Part]
    private let attributes: Attributes

    package init(_ parts: [Part], attributes: Attributes = Attributes()) {
        self.parts = parts
        self.attributes = attributes
    }

    package func makeAsyncIterator() -> Iterator { Iterator(parts: parts, attributes: attributes) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let parts: [Part]
        fileprivate let attributes: Attributes
        private var production: TarProduction?

        fileprivate init(parts: [Part], attributes: Attributes) {
            self.parts = parts
            self.attributes = attributes
        }

        /// - Throws: ``ArchiveError`` for what no tar of ours holds, ``TarWriterError`` for a file that has become
        ///   shorter, `FileSystemError`.
        package mutating func next() async throws -> [UInt8]? {
            try Task.checkCancellation()
            let production = try self.production ?? TarProduction(parts, attributes)
            self.production = production
            return try await blocking { try production.next() }
        }
    }
}

/// A tar on its way: what is written already and still to be handed out, and what is to come.
///
/// `@unchecked Sendable`: one task at a time calls it, one call after another.
private final class TarProduction: @unchecked Sendable {
    private static let chunkSize = 1 << 20

    private let buffer = Buffer()
    private let keepsModes: Bool
    private var tar: TarWriter?
    /// What is still to be written, the next one last.
    private var pending: [Entry]
    private var file: FileDescriptor?
    private var rest: Int64 = 0
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)

    private struct Entry {
        var path: FilePath
        /// In the tar; empty for its root.
        var name: String
        /// A part's own directory may be named by a link.
        var isPart = false
    }

    private final class Buffer { var bytes: [UInt8] = [] }

    init(_ parts: [DirectoryTar.Part], _ attributes: DirectoryTar.Attributes) throws {
        pending = parts.reversed().map { Entry(path: $0.root, name: $0.prefix, isPart: true) }
        keepsModes = attributes.keepsModes
        tar = try TarWriter(modified: attributes.modified, owner: attributes.owner) { [buffer] in
            buffer.bytes.append(contentsOf: $0)
        }
    }

    private func permissions(of identity: FileIdentity) -> UInt32 {
        keepsModes ? identity.mode & 0o777 : identity.isDirectory || identity.isExecutable ? 0o755 : 0o644
    }

    deinit {
        try? file?.close()
        block.deallocate()
    }

    /// The next chunk; nil at the end.
    func next() throws -> [UInt8]? {
        while buffer.bytes.count < Self.chunkSize, tar != nil { try advance() }
        let chunk = buffer.bytes
        buffer.bytes = []
        return chunk.isEmpty ? nil : chunk
    }

    private func advance() throws {
        if file != nil {
            try copy()
        } else if let entry = pending.popLast() {
            try begin(entry)
        } else {
            try tar.take()?.finish()
        }
    }

    private func begin(_ entry: Entry) throws {
        let identity = try FileIdentity(of: entry.path, followingLinks: entry.isPart)
        if identity.isDirectory {
            if !entry.name.isEmpty { try tar?.addDirectory(entry.name, permissions: permissions(of: identity)) }
            let prefix = entry.name.isEmpty ? "" : entry.name + "/"
            pending += try entry.path.entries().reversed().map { component in
                guard let name = String(validating: component.bytes, as: UTF8.self) else {
                    throw ArchiveError(
                        .unsafeName,
                        entry.path.string,
                        member: component.string,
                        "its name is not UTF-8; rename it"
                    )
                }
                return Entry(path: entry.path.appending(component), name: prefix + name)
            }
        } else if identity.isSymbolicLink {
            try tar?.addSymbolicLink(entry.name, target: entry.path.symbolicLinkTarget().string)
        } else if identity.isRegularFile {
            file = try naming("read", entry.path) {
                try FileDescriptor.open(entry.path, .readOnly, options: [.closeOnExec, .nonBlocking])
            }
            rest = identity.size
            try tar?.addFile(entry.name, size: identity.size, permissions: permissions(of: identity))
        } else {
            throw ArchiveError(
                .unsupportedType,
                entry.path.removingLastComponent().string,
                member: entry.path.lastComponent?.string,
                "it is a device, FIFO or socket; leave it out"
            )
        }
    }

    /// A file that falls short of its size is an error of the writer at the next entry.
    private func copy() throws {
        guard let file else { return }
        let room = UnsafeMutableRawBufferPointer(rebasing: block[..<Int(min(Int64(block.count), rest))])
        let count = room.isEmpty ? 0 : try file.read(into: room)
        try tar?.write(UnsafeRawBufferPointer(rebasing: room[..<count]))
        rest -= Int64(count)
        if count == 0 || rest == 0 {
            self.file = nil
            try file.close()
        }
    }
}
