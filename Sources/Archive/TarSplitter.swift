/// Takes a tar apart while it arrives, in chunks of any size: for a tar that is a stream and never a file.
///
/// Reads ustar, pax (`path`, `linkpath`, `size`) and GNU's long names and sizes. Memory does not grow with the entries;
/// hostile bytes end in an error. Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block".
package struct TarSplitter {
    package struct Entry: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case file
            /// Symbolic or hard, with its target as it is written.
            case link(target: String)
            /// Directories, devices and what else there is.
            case other
        }

        /// As it is written; not checked.
        package var path: String
        package var kind: Kind
        /// Bytes that follow.
        package var size: Int64
    }

    package enum Part {
        case begin(Entry)
        /// The next bytes of the entry that began last; valid during the call.
        case bytes(UnsafeRawBufferPointer)
        /// The entry is whole.
        case end
    }

    /// Where the next byte belongs.
    private enum Place {
        case header
        case contents(rest: Int64)
        /// The names and sizes of the next entry, gathered to be read.
        case extended(UInt8, rest: Int64)
        case padding(rest: Int64)
        /// Behind the block of zeros that ends a tar.
        case afterEnd
    }

    static let blockSize = 512
    /// Bytes that the names of one entry may take.
    static let extendedLimit: Int64 = 1 << 20

    private let name: String
    private var place = Place.header
    private var gathered: [UInt8] = []
    private var sizePadded: Int64 = 0
    private var next = TarHeader.Overrides()

    /// - Parameter name: what is read, for errors.
    package init(name: String) { self.name = name }

    /// - Parameter receive: is given what the bytes are, in their order; what it throws ends the reading.
    /// - Throws: ``ArchiveError`` `damaged`.
    package mutating func take(_ bytes: UnsafeRawBufferPointer, _ receive: (Part) throws -> Void) throws {
        var bytes = bytes
        while !bytes.isEmpty {
            switch place {
            case .header:
                gather(&bytes, upTo: Self.blockSize)
                if gathered.count == Self.blockSize { try begin(receive) }
            case .contents(let rest):
                let part = Self.split(&bytes, rest)
                try receive(.bytes(part))
                try move(to: .contents(rest: rest - Int64(part.count)), receive)
            case .extended(let type, let rest):
                let part = Self.split(&bytes, rest)
                gathered.append(contentsOf: part)
                try move(to: .extended(type, rest: rest - Int64(part.count)), receive)
            case .padding(let rest):
                let part = Self.split(&bytes, rest)
                try move(to: .padding(rest: rest - Int64(part.count)), receive)
            case .afterEnd: return
            }
        }
    }

    /// - Throws: ``ArchiveError`` `damaged` when the tar has not ended.
    package func finish() throws {
        guard case .afterEnd = place else { throw damaged("it ends too early") }
    }

    private mutating func begin(_ receive: (Part) throws -> Void) throws {
        let block = gathered
        gathered = []
        guard block.contains(where: { $0 != 0 }) else {
            place = .afterEnd
            return
        }
        guard let header = TarHeader(block) else { throw damaged("it has a header that is none") }
        if header.isExtension {
            guard header.size <= Self.extendedLimit else { throw damaged("it has a name of \(header.size) bytes") }
            sizePadded = Self.padded(header.size)
            return try move(to: .extended(header.type, rest: header.size), receive)
        }
        let entry = header.entry(next)
        next = TarHeader.Overrides()
        guard entry.size >= 0, entry.size <= .max - 1024 else { throw damaged("an entry has no possible size") }
        sizePadded = Self.padded(entry.size)
        try receive(.begin(entry))
        try move(to: .contents(rest: entry.size), receive)
    }

    /// Goes on to the next place where there is nothing more to come in this one.
    private mutating func move(to place: Place, _ receive: (Part) throws -> Void) throws {
        self.place = place
        switch place {
        case .contents(rest: 0):
            try receive(.end)
            try move(to: .padding(rest: sizePadded), receive)
        case .extended(let type, rest: 0):
            guard next.read(gathered, type: type) else { throw damaged("it has a pax header that is none") }
            gathered = []
            try move(to: .padding(rest: sizePadded), receive)
        case .padding(rest: 0): self.place = .header
        default: break
        }
    }

    private mutating func gather(_ bytes: inout UnsafeRawBufferPointer, upTo count: Int) {
        gathered.append(contentsOf: Self.split(&bytes, Int64(count - gathered.count)))
    }

    private static func split(_ bytes: inout UnsafeRawBufferPointer, _ count: Int64) -> UnsafeRawBufferPointer {
        let count = Int(min(Int64(bytes.count), count))
        defer { bytes = UnsafeRawBufferPointer(rebasing: bytes[count...]) }
        return UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    /// Bytes between the end of an entry and the next block.
    private static func padded(_ size: Int64) -> Int64 {
        let rest = size % Int64(blockSize)
        return rest == 0 ? 0 : Int64(blockSize) - rest
    }

    private func damaged(_ reason: String) -> ArchiveError {
        ArchiveError(.damaged, name, "the tar is damaged: \(reason)")
    }
}
