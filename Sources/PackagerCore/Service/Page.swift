/// A part of a list that is ordered by id.
package struct Page: Sendable, Hashable {
    /// The most entries on a page.
    package var size: Int
    /// Counted from zero.
    package var index: Int

    package init(size: Int = 500, index: Int = 0) {
        self.size = size
        self.index = index
    }

    var offset: Int { size.multipliedReportingOverflow(by: index).overflow ? Int.max : size * index }
}
