import ArgumentParser

/// Which server a command talks to.
struct ServerOptions: ParsableArguments {
    @Option(name: .long, help: "The server. Also PACKAGER_URL; default http://127.0.0.1:5080.")
    var url: String?

    @Option(name: .long, help: "Bearer token for a server behind a login. Also PACKAGER_TOKEN.")
    var token: String?

    var resolvedURL: String {
        let text = url ?? EnvironmentSetting["URL"] ?? "http://127.0.0.1:5080"
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    var resolvedToken: String? { token ?? EnvironmentSetting["TOKEN"] }
}
