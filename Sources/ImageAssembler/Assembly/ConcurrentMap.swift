/// The results of `transform` for every element, in the elements' order, with at most `width` running at a time.
func concurrentMap<Element: Sendable, Value: Sendable>(
    _ elements: [Element],
    width: Int,
    _ transform: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        var values = [Value?](repeating: nil, count: elements.count)
        var waiting = elements.enumerated().makeIterator()
        func startNext() {
            guard let (index, element) = waiting.next() else { return }
            group.addTask { (index, try await transform(element)) }
        }
        for _ in 0..<max(1, width) { startNext() }
        while let (index, value) = try await group.next() {
            values[index] = value
            startNext()
        }
        return values.compactMap { $0 }
    }
}
