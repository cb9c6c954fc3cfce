import JSON

/// Values in aligned columns under their titles.
struct Table: Sendable {
    struct Column: Sendable {
        var title: String
        /// Where a row's value is; one that is absent prints as "-".
        var value: @Sendable (JSONValue) -> String?

        init(_ title: String, _ value: @escaping @Sendable (JSONValue) -> String?) {
            self.title = title
            self.value = value
        }
    }

    private var cells: [[String]]

    init(columns: [Column], rows: [JSONValue]) {
        cells = [columns.map(\.title)] + rows.map { row in columns.map { $0.value(row) ?? "-" } }
    }

    init(titles: [String], rows: [[String]]) {
        cells = [titles] + rows
    }

    /// A line for each row, without trailing blanks.
    var text: String {
        let widths = (cells.first ?? []).indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ").trimmingTrailingBlanks
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension JSONValue {
    /// The names of a list of things that have one, for a cell.
    var names: String? { arrayValue?.compactMap { $0["name"]?.stringValue }.joined(separator: ", ") }
}
