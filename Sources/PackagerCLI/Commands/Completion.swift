import ArgumentParser

/// Prints a script that completes commands and options in a shell.
struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script for a shell.",
        discussion: """
            Examples:
              packager completion bash > ~/.local/share/bash-completion/completions/packager
              packager completion zsh > ~/.zfunc/_packager
              packager completion fish > ~/.config/fish/completions/packager.fish
            """
    )

    @Argument(help: "bash, zsh or fish; the login shell where none is named.")
    var shell: String?

    func run() throws {
        if let shell, shell == "powershell" || shell == "pwsh" {
            throw CommandError("there is no completion for PowerShell; there is bash, zsh and fish")
        }
        guard let chosen = shell.map(CompletionShell.init(rawValue:)) ?? CompletionShell.autodetected() else {
            let what = shell.map { "there is no completion for \"\($0)\"" } ?? "the login shell is unknown"
            throw ValidationError("\(what); name bash, zsh or fish")
        }
        print(PackagerCommand.completionScript(for: chosen))
    }
}
