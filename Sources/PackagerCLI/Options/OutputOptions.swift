import ArgumentParser

struct OutputOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: "table, yaml, json or jsonpath=EXPRESSION.")
    var output: OutputFormat = .table
}
