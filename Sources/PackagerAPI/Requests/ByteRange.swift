/// What a `Range` field asks for of a file. Source: RFC 9110, section 14.
enum ByteRange: Equatable {
    /// Everything: no field, a unit other than bytes, several ranges, or a field that is not well formed.
    case whole
    /// Offsets of the first and last byte.
    case part(ClosedRange<Int64>)
    case unsatisfiable

    init(_ field: String?, size: Int64) {
        guard let field, field.hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let bounds = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            self = .whole
            return
        }
        // A number of more digits than fit is past the end of any file.
        func number(_ text: Substring) -> Int64 { Int64(text) ?? .max }
        switch (bounds[0].isEmpty, bounds[1].isEmpty) {
        case (true, true):
            self = .whole
        case (true, false):
            let count = Swift.min(number(bounds[1]), size)
            self = count > 0 ? .part(size - count...size - 1) : .unsatisfiable
        case (false, let open):
            let first = number(bounds[0])
            let last = open ? size - 1 : number(bounds[1])
            if !open, last < first {
                self = .whole
            } else {
                self = first < size ? .part(first...Swift.min(last, size - 1)) : .unsatisfiable
            }
        }
    }
}
