import Hummingbird

extension APIRequestContext {
    /// A part of the path, percent-decoded. It is a name, never a path of its own.
    ///
    /// - Throws: ``APIError`` for text that is not UTF-8, and for `.`, `..` and anything with a slash or a NUL.
    func name(_ parameter: String) throws -> String {
        let text = parameters.get(parameter) ?? ""
        guard let name = PercentDecoding.decode(text) else {
            throw APIError(.badRequest, "\"\(text)\" in the URL is not percent-encoded UTF-8")
        }
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else {
            throw APIError(.badRequest, "\"\(name)\" in the URL is not a name: it must not be a path")
        }
        return name
    }

    /// ``name(_:)``, or nil on a path without this part.
    func optionalName(_ parameter: String) throws -> String? {
        parameters.get(parameter) == nil ? nil : try name(parameter)
    }
}
