import ArgumentParser

/// Labels of a node as they are written on a command line: `mode=gpu,zone=a`.
struct NodeSelector: ExpressibleByArgument {
    var labels: [String: String] = [:]

    init?(argument: String) {
        for pair in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            labels[parts[0]] = parts[1]
        }
    }
}
