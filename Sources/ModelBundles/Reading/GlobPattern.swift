/// A pattern for paths: `*` and `?` stop at slashes, `**` does not; one without a slash is for names in any directory.
package struct GlobPattern: Sendable, Hashable {
    private enum Element: Hashable {
        case character(Character)
        case one, many, manyAcross
    }

    private let elements: [Element]
    private let isForNames: Bool

    package init(_ text: String) {
        var elements: [Element] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "*" where rest.first == "*":
                rest.removeFirst()
                // "a/**/b" is "a/b", too.
                if rest.first == "/" { rest.removeFirst() }
                elements.append(.manyAcross)
            case "*": elements.append(.many)
            case "?": elements.append(.one)
            default: elements.append(.character(character))
            }
        }
        self.elements = elements
        isForNames = !text.contains("/")
    }

    /// Whether a path matches, in time proportional to the lengths of both.
    package func matches(_ path: String) -> Bool {
        let subject = isForNames ? path.split(separator: "/").last.map(Array.init) ?? [] : Array(path)
        // The elements that may come next, after each character.
        var states = closure([0])
        for character in subject {
            var next: Set<Int> = []
            for state in states where state < elements.count {
                switch elements[state] {
                case .character(let expected): if expected == character { next.insert(state + 1) }
                case .one: if character != "/" { next.insert(state + 1) }
                case .many: if character != "/" { next.insert(state) }
                case .manyAcross: next.insert(state)
                }
            }
            states = closure(next)
        }
        return states.contains(elements.count)
    }

    /// Adds what follows elements that match nothing.
    private func closure(_ states: Set<Int>) -> Set<Int> {
        var all = states
        for state in states.sorted() {
            var state = state
            while state < elements.count, elements[state] == .many || elements[state] == .manyAcross {
                state += 1
                all.insert(state)
            }
        }
        return all
    }
}

extension [GlobPattern] {
    /// Whether one of the patterns matches, or there is none.
    package func matches(_ path: String) -> Bool { isEmpty || contains { $0.matches(path) } }
}
