import OCI

/// A `docker` connection's uri: a registry's host and an optional path, `registry.example:5000/team`.
struct RegistryAddress: Sendable, Hashable {
    var host: String
    /// Host and path, without a slash at the end.
    var prefix: String
    /// The uri starts with `http://`.
    var plainHTTP: Bool

    /// Nil for what is no such uri; credentials in it are refused too.
    init?(_ uri: String) {
        var rest = Substring(uri)
        plainHTTP = false
        if rest.hasPrefix("http://") {
            plainHTTP = true
            rest = rest.dropFirst(7)
        } else if rest.hasPrefix("https://") {
            rest = rest.dropFirst(8)
        }
        while rest.last == "/" { rest = rest.dropLast() }
        prefix = String(rest)
        guard let reference = try? ImageReference(parsing: prefix + "/name"), let host = reference.host else {
            return nil
        }
        self.host = host
    }
}
