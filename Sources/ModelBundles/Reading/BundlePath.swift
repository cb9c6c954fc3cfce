/// Paths that a bundle gives its files.
enum BundlePath {
    /// The path without "." and doubled slashes.
    ///
    /// - Throws: ``BundleError`` `hostile` for one that is empty, absolute, leads upwards, holds control characters, or is
    ///   too long for a file system.
    static func checked(_ path: String, in place: String) throws -> String {
        func refuse(_ reason: String) -> BundleError {
            BundleError(.hostile, "\(place) names the file \"\(path.printable)\": \(reason); it is not unpacked")
        }
        guard !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw refuse("the name holds control characters")
        }
        guard !path.hasPrefix("/") else { throw refuse("the name is absolute") }
        guard path.utf8.count <= 4095 else { throw refuse("the name is longer than 4095 bytes") }
        let components = path.split(separator: "/").filter { $0 != "." }
        guard !components.contains("..") else { throw refuse("the name leads upwards with \"..\"") }
        guard components.allSatisfy({ $0.utf8.count <= 255 }) else {
            throw refuse("a part of the name is longer than 255 bytes")
        }
        guard !components.isEmpty else { throw refuse("that is no name") }
        return components.joined(separator: "/")
    }
}

extension String {
    /// For one line of a message: control characters escaped, long texts cut.
    package var printable: String {
        var text = ""
        for scalar in unicodeScalars.prefix(200) {
            text += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return text.unicodeScalars.count < unicodeScalars.count ? text + "…" : text
    }
}
