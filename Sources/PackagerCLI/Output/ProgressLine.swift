/// How far a transfer is, in one line.
struct ProgressLine: Sendable, Hashable {
    var title: String
    /// Bytes so far.
    var done: Int64
    /// Bytes in all; nil where that is not known.
    var total: Int64?
    var seconds: Double

    /// `uploading wine.zip  45%  12.3 MB of 27.0 MB  8.1 MB/s  2 s left`
    var text: String {
        var parts = [title]
        if let total, total > 0 {
            parts.append("\(min(100, Int(Double(done) * 100 / Double(total))))%")
            parts.append("\(done.humanSize) of \(total.humanSize)")
        } else {
            parts.append(done.humanSize)
        }
        // The rate of the first moments says nothing.
        guard seconds >= 0.5, done > 0 else { return parts.joined(separator: "  ") }
        let rate = Double(done) / seconds
        parts.append("\(Int64(rate).humanSize)/s")
        if let total, total > done { parts.append("\((Double(total - done) / rate).humanDuration) left") }
        return parts.joined(separator: "  ")
    }
}

extension Double {
    /// A duration in whole units: "8 s", "3 min 5 s", "2 h 10 min".
    var humanDuration: String {
        guard isFinite, self < 360_000 else { return "long" }
        let seconds = Int(rounded(.up))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}
