/// Names of archive members as they become paths below a root.
enum MemberName {
    /// The relative path a name stands for, with "." and doubled slashes dropped; "" for the root itself.
    ///
    /// - Throws: ``ArchiveError`` for a name that is absolute, holds "..", control characters, or is too long for a
    ///   file system (255 bytes a component, 4095 in all).
    static func path(of name: String, in archive: String) throws -> String {
        func refuse(_ reason: String) -> ArchiveError {
            ArchiveError(.unsafeName, archive, member: name, reason + "; pack it again with plain relative names")
        }
        guard !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw refuse("the name holds control characters")
        }
        guard !name.hasPrefix("/") else { throw refuse("the name is absolute") }
        guard name.utf8.count <= 4095 else { throw refuse("the name is longer than 4095 bytes") }
        var components: [Substring] = []
        for component in name.split(separator: "/") where component != "." {
            guard component != ".." else { throw refuse("the name leads upwards with \"..\"") }
            guard component.utf8.count <= 255 else { throw refuse("a part of the name is longer than 255 bytes") }
            components.append(component)
        }
        return components.joined(separator: "/")
    }

    /// The text of a name's bytes: UTF-8, or code page 437 for a zip that does not say UTF-8 and is none.
    ///
    /// Zip names without the UTF-8 flag are code page 437 by the specification (APPNOTE, appendix D), but most tools on
    /// Linux write UTF-8 there all the same. The two are told apart by whether the bytes are valid UTF-8.
    static func text(_ bytes: UnsafePointer<CChar>, isZip: Bool) -> String? {
        if let name = String(validatingCString: bytes) { return name }
        guard isZip else { return nil }
        var name = String.UnicodeScalarView()
        var pointer = bytes
        while pointer.pointee != 0 {
            let byte = UInt8(bitPattern: pointer.pointee)
            name.append(byte < 0x80 ? Unicode.Scalar(byte) : codePage437[Int(byte) - 0x80])
            pointer += 1
        }
        return String(name)
    }

    private static let codePage437 = Array(
        ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
            + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}").unicodeScalars
    )
}
