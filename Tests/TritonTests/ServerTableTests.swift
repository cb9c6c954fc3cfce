import FoundationEssentials
import JSON
import Testing

@testable import Triton

/// The table that `Tests/TritonServerTests` holds the real server to.
@Suite("Configurations that the real server accepts and refuses")
struct ServerTableTests {
    struct Entry: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var accepted: Bool
        var config: String

        var testDescription: String { name }
    }

    static let table: [Entry] = {
        let path = URL(filePath: #filePath).appending(path: "../../TritonServerTests/configurations.json")
            .standardizedFileURL
        return (try? CanonicalJSON.decode([Entry].self, from: Data(contentsOf: path))) ?? []
    }()

    @Test func `The table is there`() { #expect(Self.table.count >= 25) }

    @Test(arguments: table)
    func `Our verdict is the server's`(entry: Entry) {
        var reason: (any Error)?
        do {
            try ModelConfiguration(parsing: entry.config).validate(directory: entry.name)
        } catch { reason = error }
        #expect((reason == nil) == entry.accepted, "\(reason.map { "\($0)" } ?? "nothing is wrong with it")")
    }
}
