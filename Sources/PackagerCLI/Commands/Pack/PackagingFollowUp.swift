import ArgumentParser
import Glibc
import JSON
import PackagerCore

/// Follows a packaging until it has ended.
struct PackagingFollowUp: EntityFollowUp {
    @Option(name: .long, help: "The artifact, in place of the manifest's spec.artifactName.")
    var artifactName: String?

    @Flag(name: .customLong("dry-run"), help: "Change nothing: print what would be made.")
    var isDryRun = false

    @Flag(inversion: .prefixedNo, help: "Wait until the packaging has ended.")
    var wait = true

    @Option(name: .long, help: "Seconds to wait; the packaging goes on after them.")
    var timeout = 3600

    @Flag(inversion: .prefixedNo, help: "Print the log while waiting.")
    var logs = true

    @OptionGroup var output: OptionalOutputOptions

    func validate() throws {
        guard timeout > 0 else { throw ValidationError("--timeout is a number of seconds above zero") }
    }

    func complete(_ manifest: Manifest) -> Manifest {
        guard let artifactName else { return manifest }
        var manifest = manifest
        let spec = (manifest.document["spec"] ?? .object([:])).with("artifactName", .string(artifactName))
        manifest.document = manifest.document.with("spec", spec)
        return manifest
    }

    func show(preview: JSONValue) throws {
        let previews: [PackagingPreview] = [try preview.decode()]
        print(try PreviewReport(previews).render(as: output.output ?? .table))
    }

    func run(_ entity: JSONValue, of manifest: Manifest, isNew: Bool, _ client: APIClient) async throws {
        let id = manifest.id
        guard wait else {
            printError("Packaging \(id) is queued; watch it with: packager pack logs --id \(id) --follow")
            if let format = output.output { print(try format.render([entity], columns: PackagingKind.columns)) }
            return
        }
        printError("\(isNew ? "Start" : "Rerun") packing: \(id)")
        // What a program reads goes alone to standard output.
        let toOutput = output.output == nil
        let began = ContinuousClock.now
        let status = try await withDeadline(seconds: Double(timeout), orThrow: timeoutError(id)) { [logs] in
            guard logs else { return try await client.followToEnd(of: id) }
            return try await client.followToEnd(of: id) { line in
                guard toOutput else { return printError(line) }
                print(line)
                // A pipe gets each line when it comes, too.
                fflush(nil)
            }
        }
        guard status["state"]?.stringValue == "succeeded" else {
            let reason = status["message"]?.stringValue ?? "no reason was given"
            throw CommandError("Model packaging \(id) was failed: \(reason)")
        }
        let seconds = Int((ContinuousClock.now - began).components.seconds)
        if let steps = status["steps"]?.arrayValue, !steps.isEmpty {
            printError("\n\(Table(columns: Self.stepColumns, rows: steps).text)\n")
        }
        printError("Model \(id) was packed. Packaging took \(seconds) seconds")
        if let format = output.output {
            print(try format.render([try await client.get(PackagingKind.self, id)], columns: PackagingKind.columns))
            return
        }
        for result in status["results"]?.arrayValue ?? [] {
            print("\(result["name"]?.stringValue ?? "-"): \(result["value"]?.stringValue ?? "-")")
        }
    }

    static var stepColumns: [Table.Column] {
        [
            .init("STEP") { $0["name"]?.stringValue },
            .init("STATE") { $0["state"]?.stringValue },
            .init("TIME") { step in
                switch step["seconds"] {
                case .number(let seconds): seconds.humanSeconds
                case .integer(let seconds): Double(seconds).humanSeconds
                default: nil
                }
            },
            .init("SIZE") { $0["bytes"]?.integerValue?.humanSize },
        ]
    }

    private func timeoutError(_ id: String) -> CommandError {
        CommandError(
            "Time out: packaging \(id) has not ended within \(timeout) s; it goes on, see packager pack get --id \(id)"
        )
    }
}

/// Runs `work`, and cancels it when the time is over.
func withDeadline<Value: Sendable>(
    seconds: Double,
    orThrow error: some Error,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: .seconds(seconds))
            throw error
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw error }
        return value
    }
}
