import ArgumentParser
import Foundation
import HTTPTypes
import JSON

/// Remembers a server and the token for it.
struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Remember a server and the token for it, once the server takes them.",
        discussion: """
            Examples:
              packager login --url https://packager.example.com --token "$TOKEN"
              packager login --url http://127.0.0.1:5080
              vault read -field token secret/packager | packager login --url https://packager.example.com --token-stdin

            The token goes into the configuration file (packager config path), which only its owner can read.
            """
    )

    @OptionGroup var server: ServerOptions

    @Flag(name: .long, help: "Read the token from standard input: it is not in the list of processes then.")
    var tokenStdin = false

    func validate() throws {
        if tokenStdin, server.token != nil { throw ValidationError("give --token or --token-stdin, not both") }
    }

    func run() async throws {
        var address = server.address
        // A token that is stored for one server is not for another.
        if server.token == nil { address.token = Setting.token.environmentValue }
        if tokenStdin { address.token = readLine(strippingNewline: true).flatMap { $0.isEmpty ? nil : $0 } }
        if tokenStdin, address.token == nil { throw CommandError("standard input holds no token") }
        let checks = try await Self.check(address)
        var file = try SettingsFile(SettingSources.current.file.path)
        file.set(.url, to: address.url)
        file.set(.token, to: address.token)
        try file.write()
        if !checks, address.token != nil {
            printError("\(address.url) takes any token: it has no login of its own.")
        }
        print("Success! Credentials have been saved.")
    }

    /// - Returns: whether the server refuses a token that cannot be right.
    /// - Throws: ``APIError`` where the server refuses this one.
    private static func check(_ address: ServerAddress) async throws -> Bool {
        // A server that wants a token tells its health to everybody, but nothing else.
        _ = try await APIClient(address).call(.get, "/configuration")
        let wrong = ServerAddress(url: address.url, token: "not-a-token-\(UInt64.random(in: 0 ... .max))")
        do {
            _ = try await APIClient(wrong).call(.get, "/configuration")
            return false
        } catch let error as APIError where error.status == 401 || error.status == 403 {
            return true
        }
    }
}

struct Logout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the token; the server stays remembered.",
        discussion: "Example: packager logout"
    )

    func run() async throws {
        var file = try SettingsFile(SettingSources.current.file.path)
        if file.values[Setting.token.name] != nil {
            file.set(.token, to: nil)
            try file.write()
        }
        print("All authorization credentials have been removed")
        if Setting.token.environmentValue != nil {
            printError("\(Setting.token.variable) is still set in the environment: unset it, too.")
        }
    }
}
