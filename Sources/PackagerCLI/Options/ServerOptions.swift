import ArgumentParser

/// Which server a command talks to. They may stand before the subcommand too, as with ODAHU's client.
struct ServerOptions: ParsableArguments {
    @Option(name: .long, help: Setting.url.help)
    var url: String?

    @Option(name: .long, help: Setting.token.help)
    var token: String?

    var address: ServerAddress {
        ServerAddress(
            url: url ?? Setting.url.value ?? Setting.url.defaultValue,
            token: (token ?? Setting.token.value).flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    /// The address, if somebody has named one: by a flag, a variable or the configuration file.
    var configured: ServerAddress? { url == nil && Setting.url.value == nil ? nil : address }

    func validate() throws {
        guard let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") else { return }
        throw ValidationError("--url \(url) is no address of a server; it begins with http:// or https://")
    }
}
