import Synchronization

/// What all series of one name have in common.
struct MetricDescription: Sendable, Hashable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    let name: String
    let help: String
    let kind: Kind
    let labels: [String]

    init(name: String, help: String, kind: Kind, labels: [String]) {
        precondition(Self.isName(name), "\(name) is no name of a metric")
        precondition(labels.allSatisfy { Self.isName($0) && $0 != "le" }, "\(labels) are no names of labels")
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
    }
}

/// A metric with all its series.
protocol MetricFamily: Sendable {
    var description: MetricDescription { get }
    func write(to exposition: inout Exposition)
}

/// Values by those of the labels.
final class SeriesTable<Value: Sendable>: Sendable {
    /// The most series of one metric: more would cost whoever collects them, and are a mistake of ours.
    static var limit: Int { 1000 }
    /// What labels are called that came after.
    static var other: String { "other" }

    private let description: MetricDescription
    private let initial: Value
    private let values: Mutex<[[String]: Value]>

    /// A metric without labels has its one value from the beginning.
    init(_ description: MetricDescription, initial: Value) {
        self.description = description
        self.initial = initial
        values = Mutex(description.labels.isEmpty ? [[]: initial] : [:])
    }

    func change(_ labels: [String], _ work: (inout Value) -> Void) {
        precondition(labels.count == description.labels.count, "\(description.name) has labels \(description.labels)")
        values.withLock { values in
            let isKnown = values[labels] != nil || values.count < Self.limit
            work(&values[isKnown ? labels : labels.map { _ in Self.other }, default: initial])
        }
    }

    /// Each series' labels with their values, and its value.
    var rows: [(labels: [(String, String)], value: Value)] {
        values.withLock(\.self).sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, value in
            (Array(zip(description.labels, key)), value)
        }
    }
}
