import ArgumentParser
import Testing

@testable import PackagerCLI

/// The command lines of ODAHU's client, with its groups, aliases and flags, and ours.
@Suite("Command lines")
struct CommandParsingTests {
    @Test(arguments: [
        "pack get", "pack get --id wine", "pack get --pack-id wine --output-format json",
        "pack get -o jsonpath=$[0].status.results[0].value", "pack get -o name",
        "pack --url http://h:1 --token t get --id wine", "pack get --id wine --url http://h:1",
        "pack create -f pack.yaml", "pack create --file pack.yaml --id wine --wait --timeout 10 --artifact-name a.zip",
        "pack create -f pack.yaml --no-wait --ignore-if-exists", "pack create -f - --no-logs",
        "pack edit -f pack.yaml --no-wait", "pack delete --id wine --ignore-not-found", "pack delete -f pack.yaml",
        "pack logs --id wine", "pack logs -f pack.yaml --not-follow", "pack logs --id wine --no-follow",
        "pack logs --id wine --follow", "pack logs --id wine --attempt 2", "pack cancel --id wine",
        "packaging-integration get", "pi get --id docker-rest -o yaml", "pi get --pi-id docker-rest",
        "pi create -f pi.yaml", "pi edit -f pi.yaml -o json", "pi delete --id a",
        "connection get", "conn get --conn-id ci --decrypted", "conn get --id ci -d -o json",
        "conn create -f conn.yaml --ignore-if-exists", "conn edit -f conn.yaml", "conn delete --id ci",
        "bulk apply all.yaml", "bulk apply a.yaml b.yaml", "bulk apply -f a.yaml", "bulk delete all.yaml",
        "bulk --url http://h:1 apply all.yaml",
        "local pack run --id wine -f pack.yaml -f conn.yaml -d manifests",
        "local pack run --id wine -f pack.yaml --artifact-path out -a wine --disable-package-targets",
        "local pack run --id wine -f a --no-disable-package-targets --disable-target docker-push --disable-target b",
        "local pack --url http://h:1 --token t run --id wine",
        "login --url http://h:1 --token t", "login --url http://h:1 --token-stdin", "logout",
        "config show", "config all --show-secrets", "conf get url", "config set url http://h:1", "config path",
        "config unset token", "template all", "temp generate --name docker_packaging", "version",
        "completion bash", "completion", "artifact upload wine.zip --name w.zip", "artifact list -o json",
        "artifact download wine.zip --to out.zip", "artifact describe wine.zip text", "artifact delete wine.zip",
        "artifact info wine.zip@2", "artifact get wine.zip -o json", "artifact versions wine.zip",
        "artifact default wine.zip@2", "artifact upload wine.zip --no-default", "art ls",
        "serve --token-file tokens",
        "build wine.zip --tag wine:1 --quiet", "build wine.zip --tag wine:1 --verbose -o json",
        "build wine.zip --tag wine:1 --dry-run -o yaml", "pack create -f pack.yaml --dry-run -o json",
        "pack edit -f pack.yaml --dry-run", "serve --log-format json",
        "serve --node-pool mode=gpu,zone=a --node-pool mode=cpu",
    ])
    func areUnderstood(line: String) throws {
        _ = try PackagerCommand.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    @Test(arguments: [
        ("pack create", "--file"), ("pack delete", "say which packaging: --id ID or -f FILE"),
        ("pack delete --id a -f b", "not both"), ("pack logs", "say which packaging"),
        ("conn get --decrypted", "name it with --id"), ("pi get --decrypted --id a", "--decrypted"),
        ("pack create -f a --timeout 0", "--timeout is a number of seconds above zero"),
        ("bulk apply", "name a file of manifests"), ("pack get -o xml", "xml"),
        ("pack get --url h:1", "begins with http"), ("local pack run", "-f FILE or -d DIR"),
        ("login --token a --token-stdin", "not both"), ("pack create -f a --quiet --verbose", "quiet"),
        ("pack get --idd a", "--id"), ("serve --log-format xml", "text"), ("serve --node-pool gpu", "gpu"),
        ("conn create -f a --dry-run", "dry-run"),
        ("pack logs --id a --attempt 0", "from 1 on"),
        ("artifact default wine.zip", "wine.zip@1"), ("artifact default wine.zip@0", "names no version"),
        ("artifact default @1", "names no version"),
    ])
    func areRefusedAsWrongUsage(line: String, words: String) {
        do {
            _ = try PackagerCommand.parseAsRoot(line.split(separator: " ").map(String.init))
            Issue.record("\(line) is understood")
        } catch {
            #expect(PackagerCommand.exitCode(for: error) == .validationFailure)
            #expect(
                PackagerCommand.fullMessage(for: error).contains(words),
                "\(PackagerCommand.fullMessage(for: error))"
            )
        }
    }

    @Test(
        arguments: [
            ("pakc get", "packager pakc", "pack"), ("pack creat -f a", "packager pack creat", "create"),
            ("pack --url http://h:1 gte", "packager pack gte", "get"), ("conn lits", "packager connection lits", nil),
            ("buidl wine.zip", "packager buidl", "build"), ("pack edti", "packager pack edti", "edit"),
        ] as [(String, String, String?)]
    )
    func aMisspelledCommandIsNamed(line: String, place: String, meant: String?) throws {
        let unknown = try #require(UnknownCommand(in: line.split(separator: " ").map(String.init)))
        #expect(unknown.description.contains("there is no command \"\(place)\""))
        if let meant {
            #expect(unknown.description.contains("did you mean \"\(meant)\"?"), "\(unknown)")
        } else {
            #expect(unknown.description.contains("; there is get, create"))
        }
    }

    @Test(arguments: ["pack get --id pakc", "build pakc --tag a", "conn get", "help pack", ""])
    func whatIsNoCommandIsNotTakenForOne(line: String) {
        #expect(UnknownCommand(in: line.split(separator: " ").map(String.init)) == nil)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionKnowsTheCommands(shell: String) throws {
        let script = PackagerCommand.completionScript(for: try #require(CompletionShell(rawValue: shell)))
        #expect(script.contains("packaging-integration") && script.contains("ignore-not-found"))
    }

    @Test func powerShellIsSpokenOf() throws {
        let command = try Completion.parse(["powershell"])
        let error = #expect(throws: CommandError.self) { try command.run() }
        #expect(error?.description == "there is no completion for PowerShell; there is bash, zsh and fish")
    }
}
