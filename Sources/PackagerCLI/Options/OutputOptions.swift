import ArgumentParser

struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long, .customLong("output-format")],
        help: "table, yaml, json, name or jsonpath=EXPRESSION."
    )
    var output: OutputFormat = .table
}

/// For commands that say something of their own unless a format is asked for.
struct OptionalOutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long, .customLong("output-format")],
        help: "Print what the server has now: table, yaml, json, name or jsonpath=EXPRESSION."
    )
    var output: OutputFormat?
}
