extension Int64 {
    /// Bytes for people, in powers of 1000 as registries show them: "12.3 MB".
    var humanSize: String {
        var value = Double(self)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 999.5 || unit == "GB" {
                if unit == "B" { return "\(self) B" }
                let tenths = (value * 10).rounded() / 10
                return "\(tenths) \(unit)"
            }
            value /= 1000
        }
        return "\(self) B"
    }
}

extension Double {
    /// Seconds with two decimals: "1.25 s".
    var humanSeconds: String { "\((self * 100).rounded() / 100) s" }
}
