import ArgumentParser
import Glibc
import PackagerCLI

@main
struct Main {
    static func main() async {
        // Non-ASCII file names have to mean the same whatever LANG says.
        setlocale(LC_CTYPE, "C.UTF-8")
        signal(SIGPIPE, SIG_IGN)
        await PackagerCommand.run(arguments: Array(CommandLine.arguments.dropFirst()))
    }
}
