extension Collection where Element: Sendable {
    /// The results in the elements' order; at most `limit` at a time, and the first error cancels the rest.
    package func concurrentMap<Value: Sendable>(
        limit: Int,
        _ transform: @escaping @Sendable (Element) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var rest = enumerated().makeIterator()
            func start() -> Bool {
                guard let (index, element) = rest.next() else { return false }
                group.addTask { (index, try await transform(element)) }
                return true
            }
            for _ in 0..<Swift.max(1, limit) where !start() { break }
            var results: [Value?] = Array(repeating: nil, count: count)
            while let (index, value) = try await group.next() {
                results[index] = value
                _ = start()
            }
            return results.compactMap(\.self)
        }
    }
}
