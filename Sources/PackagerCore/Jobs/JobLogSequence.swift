import FileSystem
import GRDB
import SystemPackage

/// A packaging's log as it grows: one attempt after the other, until the job ends.
///
/// Works for jobs of other processes too: their lines are found by polling.
struct JobLogSequence: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let id: String
    let directory: FilePath
    let database: PackagerDatabase
    let follow: Bool
    /// One attempt's log and no other's.
    var only: Int?
    var poll = Duration.milliseconds(200)
    /// A blank line is sent after this much silence, since clients give up after ten seconds.
    var silence = Duration.seconds(5)

    func makeAsyncIterator() -> Iterator { Iterator(sequence: self) }

    struct Iterator: AsyncIteratorProtocol {
        let sequence: JobLogSequence
        private var packagingRow: Int64?
        private var attempt: Int?
        private var file: OpenFile?
        private var offset: Int64 = 0

        init(sequence: JobLogSequence) { self.sequence = sequence }

        mutating func next() async throws -> [UInt8]? {
            let started = ContinuousClock.now
            while true {
                try Task.checkCancellation()
                let seen = sequence.database.logChanges.count
                // The state before the bytes: what was written before the job ended is then read for sure.
                let state = try await sequence.database.logState(of: sequence.id)
                let bytes = try await read()
                if !bytes.isEmpty { return bytes }
                guard let state, state.packagingRow == packagingRow ?? state.packagingRow else { return nil }
                packagingRow = state.packagingRow
                if try open(state) { continue }
                if !sequence.follow || state.isTerminal || sequence.only != nil { return nil }
                guard ContinuousClock.now - started < sequence.silence else { return [UInt8(ascii: "\n")] }
                await sequence.database.logChanges.wait(after: seen, timeout: sequence.poll)
            }
        }

        /// Opens the first attempt's log, or the next one's once there is one.
        private mutating func open(_ state: PackagerDatabase.LogState) throws -> Bool {
            guard let latest = sequence.only ?? state.attempt, attempt.map({ $0 < latest }) ?? true else {
                return false
            }
            let wanted = attempt.map { $0 + 1 } ?? latest
            let path = sequence.directory.appending("\(wanted).log")
            guard path.exists else {
                // Its worker died, or has not come to opening it; only a later attempt makes it worth no more waiting.
                if wanted < latest || state.isTerminal {
                    attempt = wanted
                    file = nil
                    return true
                }
                return false
            }
            file = OpenFile(
                try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
            )
            attempt = wanted
            offset = 0
            return true
        }

        private mutating func read() async throws -> [UInt8] {
            guard let file else { return [] }
            let position = offset
            let bytes = try await blocking {
                try [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                    count = try file.descriptor.read(
                        fromAbsoluteOffset: position,
                        into: UnsafeMutableRawBufferPointer(buffer)
                    )
                }
            }
            offset += Int64(bytes.count)
            return bytes
        }
    }
}

extension PackagerDatabase {
    struct LogState: Sendable {
        var packagingRow: Int64
        /// The latest attempt of the current spec; nil when none has started.
        var attempt: Int?
        var isTerminal: Bool
    }

    func logState(of id: String) async throws -> LogState? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT serial, status FROM packaging WHERE id = ?",
                arguments: [id]
            )
            guard let row else { return nil }
            let status: ModelPackaging.Status = try decodeText(row["status"])
            return LogState(packagingRow: row["serial"], attempt: status.attempt, isTerminal: status.state.isTerminal)
        }
    }
}
