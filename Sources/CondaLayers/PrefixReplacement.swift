import Glibc

/// Replaces the prefix that a package was built for by the one that it is installed to, in a stream.
///
/// In a program the text up to the next zero byte keeps its length: it is filled up with zeros, so that nothing behind it
/// moves. Source: Conda's documentation, "Making packages relocatable", and `conda/core/portability.py`.
struct PrefixReplacement {
    enum Mode: String, Sendable, Codable { case text, binary }

    private let placeholder: [UInt8]
    private let prefix: [UInt8]
    private let mode: Mode
    /// Bytes that may be the beginning of a placeholder.
    private var held: [UInt8] = []
    /// Zeros that are owed behind the next zero.
    private var owed = 0

    /// - Throws: ``CondaError`` `prefixTooLong` for a program whose own prefix has no room for the new one.
    init(_ placeholder: String, by prefix: String, in mode: Mode, of path: String) throws {
        self.placeholder = Array(placeholder.utf8)
        self.prefix = Array(prefix.utf8)
        self.mode = mode
        guard !placeholder.isEmpty, !placeholder.utf8.contains(0) else {
            throw CondaError(.invalidPackage, "\(path) has an empty prefix to replace")
        }
        guard mode == .text || prefix.utf8.count <= placeholder.utf8.count else {
            throw CondaError(
                .prefixTooLong,
                "\(path) was built for the prefix \(placeholder), which has no room for \(prefix)"
            )
        }
    }

    /// Takes the next piece of the file and gives what is certain of the result.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        held.append(contentsOf: bytes)
        let buffer = held
        try buffer.withUnsafeBytes { whole in
            var rest = whole[...]
            while let match = find(in: rest) {
                try put(rest[..<match], write)
                try prefix.withUnsafeBytes(write)
                if mode == .binary { owed += placeholder.count - prefix.count }
                rest = rest[(match + placeholder.count)...]
            }
            let certain = max(0, rest.count - placeholder.count + 1)
            try put(rest.prefix(certain), write)
            held = Array(rest.dropFirst(certain))
        }
    }

    /// Gives what was held back.
    mutating func finish(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        let buffer = held
        held = []
        try buffer.withUnsafeBytes { try put($0[...], write) }
        try putOwed(write)
    }

    private mutating func put(
        _ bytes: Slice<UnsafeRawBufferPointer>,
        _ write: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        var rest = bytes
        if owed > 0, let zero = rest.firstIndex(of: 0) {
            try write(UnsafeRawBufferPointer(rebasing: rest[...zero]))
            try putOwed(write)
            rest = rest[(zero + 1)...]
        }
        if !rest.isEmpty { try write(UnsafeRawBufferPointer(rebasing: rest)) }
    }

    private mutating func putOwed(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        guard owed > 0 else { return }
        try [UInt8](repeating: 0, count: owed).withUnsafeBytes(write)
        owed = 0
    }

    /// The first place of the placeholder.
    private func find(in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        let rest = UnsafeRawBufferPointer(rebasing: bytes)
        guard let start = rest.baseAddress else { return nil }
        return placeholder.withUnsafeBytes { needle in
            guard let sought = needle.baseAddress else { return nil }
            var position = 0
            while rest.count - position >= needle.count {
                let places = rest.count - position - needle.count + 1
                guard let found = memchr(start + position, Int32(needle[0]), places) else { return nil }
                position = UnsafeRawPointer(found) - start
                if memcmp(start + position, sought, needle.count) == 0 { return bytes.startIndex + position }
                position += 1
            }
            return nil
        }
    }
}
