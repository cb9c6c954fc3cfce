package import JSON

package enum YAML {
    /// Every document of a text (JSON is YAML too), scalars by the core schema of YAML 1.2: only `true`, `false`,
    /// `null`, decimal integers and floats are typed; `on`, `yes`, `1:30`, `0x1f`, `.inf` and dates stay strings.
    ///
    /// Merge keys (`<<`) are merged. A scalar key is the text it is written as.
    ///
    /// - Parameter numbersAsStrings: keeps integers and floats as the text they were written as, so that a version
    ///   `1.10` stays "1.10".
    /// - Throws: ``YAMLError`` with line and column; aliases that would expand without bound and duplicate keys too.
    package static func documents(in text: String, numbersAsStrings: Bool = false) throws -> [JSONValue] {
        let text = joiningSurrogates(in: text)
        return try Array(text.utf8).withUnsafeBufferPointer { bytes in
            let parser = EventParser(bytes)
            var composer = Composer(parser: parser, schema: CoreSchema(numbersAsStrings: numbersAsStrings))
            return try composer.documents()
        }
    }
}
