package import JSON

extension PythonEnvironment {
    /// Reads a recipe's parameters and refuses what can never resolve.
    ///
    /// - Throws: ``PythonEnvironmentError`` `invalidParameters`.
    package init(parameters: JSONValue) throws {
        do {
            self = try parameters.decode()
        } catch {
            throw PythonEnvironmentError(
                .invalidParameters,
                "a Python environment is {\"python\": \"3.11\", \"requirements\": [\"numpy==2.2.0\"]}, not: \(error)"
            )
        }
        try validate()
    }

    /// - Throws: ``PythonEnvironmentError`` `invalidParameters`.
    package func validate() throws {
        if let python, version == nil {
            throw PythonEnvironmentError(
                .invalidParameters,
                "\"\(python)\" is no Python version; name a minor version of Python 3, such as 3.11"
            )
        }
        for requirement in requirements + constraints { try Self.validate(requirement) }
    }

    /// The version in ``python``: Python 3 only.
    var version: PythonVersion? {
        python.flatMap { PythonVersion($0) }.flatMap { $0.major == 3 ? $0 : nil }
    }

    /// A sanity check; the resolver reads the whole grammar.
    private static func validate(_ requirement: String) throws {
        let text = requirement.trimmed
        func refuse(_ reason: String) -> PythonEnvironmentError {
            PythonEnvironmentError(.invalidParameters, "the requirement \"\(text)\" \(reason)")
        }
        if requirement.contains(where: \.isNewline) || requirement.contains("\0") {
            throw refuse("has more than one line; give one requirement in each")
        }
        if text.hasPrefix("-") {
            throw refuse(
                "is an option of pip; give packages only (indexes are a setting of the server, not of a model), and no "
                    + "editable installs"
            )
        }
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        guard let first = name.first, first.isLetter || first.isNumber, let last = name.last,
            last.isLetter || last.isNumber
        else { throw refuse("does not begin with a package's name; write it as in \"numpy==2.2.0\"") }
        let rest = text.dropFirst(name.count).drop(while: \.isWhitespace)
        guard rest.isEmpty || "[<>=!~;@(#".contains(rest.first ?? "#") else {
            throw refuse("is not a name with a version; write it as in \"numpy==2.2.0\" or \"name @ https://…/x.whl\"")
        }
        if rest.first == "@", rest.dropFirst().trimmed.prefix(5).contains("+") {
            throw refuse("names a version control system; build a wheel of it and name its version or file")
        }
    }
}
