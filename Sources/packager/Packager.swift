import PackagerCLI

@main
struct Main {
    static func main() async {}
}
