import ArgumentParser
import JSON
import SystemPackage

/// What a bulk operation did to each document, said as ODAHU's client says it.
struct BulkReport {
    enum Outcome: String, CaseIterable, Sendable {
        case created, changed
        case removed
        case absent = "not found"
    }

    private(set) var outcomes: [(outcome: Outcome, name: String)] = []
    private(set) var errors: [String] = []

    /// Does something with each document of a file; one that fails does not stop the others.
    mutating func run(over path: String, _ apply: (Manifest) async throws -> Outcome) async {
        let file: ManifestFile
        do {
            file = try ManifestFile(FilePath(path))
        } catch {
            errors.append("\(error)")
            return
        }
        for (number, document) in file.documents.enumerated() {
            // What is interrupted does nothing more.
            guard !Task.isCancelled else {
                return errors.append("Interrupted before document #\(number + 1) of \(path)")
            }
            do {
                let manifest = try Manifest(document, in: file.path)
                do {
                    outcomes.append((try await apply(manifest), manifest.name))
                } catch {
                    errors.append("\(path), document #\(number + 1), \(manifest.name): \(error)")
                }
            } catch {
                errors.append("document #\(number + 1) of \(error)")
            }
        }
    }

    /// `Operation completed, created resources: 2 (Connection a, ModelPackaging b), changed resources: 1 (…)`
    var text: String {
        let parts = Outcome.allCases.compactMap { outcome -> String? in
            let names = outcomes.filter { $0.outcome == outcome }.map(\.name)
            return names.isEmpty
                ? nil : "\(outcome.rawValue) resources: \(names.count) (\(names.joined(separator: ", ")))"
        }
        return (["Operation completed"] + parts).joined(separator: ", ")
    }

    /// - Throws: ``CommandError`` with everything that went wrong.
    func finish() throws {
        print(text)
        guard errors.isEmpty else {
            throw CommandError("Some errors detected:\n" + errors.map { "\t" + $0 }.joined(separator: "\n"))
        }
    }
}
