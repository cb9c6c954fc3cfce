/// What a misspelled word was likely meant to be.
package enum Spelling {
    /// The known word that is nearest, if it is near.
    package static func closest(to word: String, among known: some Sequence<String>) -> String? {
        known.map { (word: $0, distance: distance(word, $0)) }
            .filter { $0.distance > 0 && $0.distance <= max(1, max(word.count, $0.word.count) / 3) }
            .min { $0.distance < $1.distance }?.word
    }

    /// "; did you mean X?" as the end of a sentence, or nothing.
    package static func hint(for word: String, among known: some Sequence<String>) -> String {
        closest(to: word, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Whether a quarter of a name's characters, or fewer, have to be changed to make the other.
    package static func isLike(_ name: String, _ other: String) -> Bool {
        distance(name, other) * 4 <= max(name.count, other.count)
    }

    /// How many characters have to be changed, left out, put in or exchanged with their neighbour to make one word of
    /// another; case does not count. Source: optimal string alignment, after Damerau.
    package static func distance(_ word: String, _ other: String) -> Int {
        let (word, other) = (Array(word.lowercased()), Array(other.lowercased()))
        var row = Array(0...other.count)
        var rowBefore = row
        for (index, character) in word.enumerated() {
            let rowAbove = row
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let change = diagonal + (character == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, diagonal + 1, row[column] + 1)
                if index > 0, column > 0, character == other[column - 1], word[index - 1] == other[column] {
                    row[column + 1] = min(row[column + 1], rowBefore[column - 1] + 1)
                }
            }
            rowBefore = rowAbove
        }
        return row[other.count]
    }
}
