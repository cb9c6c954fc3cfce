import ArgumentParser
import Logging

/// How much a command says on the way.
struct GeneralOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Say nothing on the way: only results, warnings and errors.")
    var quiet = false

    @Flag(name: .long, help: "Say what is of interest to developers, too.")
    var verbose = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("give --quiet or --verbose, not both") }
    }
}
