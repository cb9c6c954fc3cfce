import FileSystem
import FoundationEssentials
import JSON

/// Files that are parts of one: `model-00001-of-00003.safetensors`.
enum ShardSet {
    /// Throws when a model says of itself that it has more parts than are there.
    ///
    /// - Throws: ``BundleError`` `damagedFile` that names some of the missing files.
    static func check(_ tree: ModelTree) throws {
        let paths = Set(tree.files.map(\.path))
        for path in tree.files.lazy.map(\.path) {
            try check(numbered: path, among: paths)
        }
        for index in tree.files where index.path.hasSuffix(".index.json") && index.identity.size <= indexLimit {
            let bytes = try index.location.readAll(limit: Int(indexLimit))
            let document = try? CanonicalJSON.decode(JSONValue.self, from: Data(bytes))
            guard let named = document?["weight_map"]?.objectValue?.values else { continue }
            let directory = index.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
            let missing = Set(named.compactMap(\.stringValue)).subtracting(paths.map { $0.dropping(prefix: directory) })
            if !missing.isEmpty { throw incomplete(index.path, missing) }
        }
    }

    private static let indexLimit: Int64 = 16 << 20
    private static let maximumShards = 10_000

    private static func check(numbered path: String, among paths: Set<String>) throws {
        guard let shard = Shard(path), shard.count <= maximumShards, shard.number == 1 || !paths.contains(shard.path(1))
        else { return }
        let missing = (1...max(1, shard.count)).map(shard.path).filter { !paths.contains($0) }
        if !missing.isEmpty { throw incomplete(path, Set(missing)) }
    }

    private static func incomplete(_ path: String, _ missing: Set<String>) -> BundleError {
        let list = missing.sorted().prefix(3).joined(separator: ", ")
        let more = missing.count > 3 ? " and \(missing.count - 3) more" : ""
        return BundleError(.damagedFile, "\(path) is one part of a model, and others are missing: \(list)\(more)")
    }
}

/// `…-NNNNN-of-NNNNN.…`
private struct Shard {
    private var before: Substring
    private var after: Substring
    private var width: Int
    var number: Int
    var count: Int

    init?(_ path: String) {
        guard path.hasSuffix(".safetensors") || path.hasSuffix(".gguf") || path.hasSuffix(".bin"),
            let middle = path.ranges(of: "-of-").last
        else { return nil }
        let count = path[middle.upperBound...].prefix { $0.isASCII && $0.isNumber }
        let head = path[..<middle.lowerBound]
        let number = head.suffix(count.count)
        guard !count.isEmpty, count.count <= 9, let number = Int(number), let total = Int(count), number <= total,
            number > 0
        else { return nil }
        before = head.dropLast(count.count)
        after = path[middle.upperBound...].dropFirst(count.count)
        width = count.count
        self.number = number
        self.count = total
    }

    func path(_ number: Int) -> String {
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(before)\(padded(number))-of-\(padded(count))\(after)"
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
