import ArgumentParser
import Foundation
import ModelBundles
import Registry

struct ModelLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log in to a registry: credentials are kept once the registry takes them.",
        discussion: """
            They go into config.json of the models' directory, which has Docker's form and may name a credential helper.

            Examples:
              pass registry | packager model login registry.example.com -u ann --password-stdin
            """
    )

    @Argument(help: "The registry: HOST or HOST:PORT.")
    var host: String

    @Option(name: .shortAndLong, help: "The user; asked for when it is not given, and without one for a token.")
    var username: String?

    @Option(name: .shortAndLong, help: "The password, or the identity token where there is no user.")
    var password: String?

    @Flag(name: .long, help: "Read the password from standard input: it is not in the list of processes then.")
    var passwordStdin = false

    @OptionGroup var options: ModelOptions
    @OptionGroup var registry: ModelRegistryOptions

    func validate() throws {
        if passwordStdin, password != nil { throw ValidationError("give --password or --password-stdin, not both") }
        guard !host.contains("/") else {
            throw ValidationError("\"\(host)\" is no registry; give HOST or HOST:PORT alone")
        }
    }

    func run() async throws {
        if password != nil { printError("Using --password via the CLI is insecure. Use --password-stdin.") }
        let credential = try credential()
        let client = try registry.client(for: [host], options, given: StaticCredentials([host: credential]))
        if registry.insecure { print("Login insecurely") }
        try await client.checkLogin(to: host)
        try await options.logins.store(credential, for: host)
        print("Login succeeded")
    }

    private func credential() throws -> RegistryCredential {
        let source = "this command"
        let user = try username ?? (passwordStdin || password != nil ? "" : Self.ask("Username: "))
        guard user.isEmpty else {
            let password = try secret("Password: ")
            guard !password.isEmpty else { throw CommandError("password required") }
            return RegistryCredential(user: user, password: password, source: source)
        }
        let token = try secret("Token: ")
        guard !token.isEmpty else { throw CommandError("token required") }
        return RegistryCredential(.identityToken(token), source: source)
    }

    private func secret(_ prompt: String) throws -> String {
        if let password { return password }
        guard passwordStdin else { return try Self.ask(prompt, hidden: true) }
        var text = ""
        while let line = readLine(strippingNewline: false) { text += line }
        while let last = text.last, last.isNewline { text.removeLast() }
        return text
    }

    /// - Throws: ``CommandError`` at the end of the input.
    private static func ask(_ prompt: String, hidden: Bool = false) throws -> String {
        guard hidden, isatty(STDIN_FILENO) == 1 else {
            print(prompt, terminator: "")
            fflush(nil)
            guard let answer = readLine() else { throw CommandError("there is no more input to answer \"\(prompt)\"") }
            return answer
        }
        guard let answer = getpass(prompt) else { throw CommandError("there is no more input to answer \"\(prompt)\"") }
        return String(cString: answer)
    }
}

struct ModelLogout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the credentials for a registry.",
        discussion: """
            Examples:
              packager model logout registry.example.com
            """
    )

    @Argument(help: "The registry: HOST or HOST:PORT.")
    var host: String

    @OptionGroup var options: ModelOptions

    func run() async throws {
        guard try await options.logins.erase(host) else {
            throw CommandError("there are no credentials for \(host) to forget")
        }
        print("Logout succeeded")
    }
}
