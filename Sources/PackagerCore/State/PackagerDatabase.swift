import FileSystem
import GRDB
import Glibc
import SystemPackage

/// The SQLite file with everything that is not bytes of artifacts and images.
///
/// Several processes may have it open: the server and commands beside it.
package struct PackagerDatabase: Sendable {
    private let pool: DatabasePool
    let key: SecretKey
    /// Raised by this process's own changes to jobs; other processes' are found by polling.
    let jobChanges = ChangeSignal()
    /// Raised by this process's own log lines, and with ``jobChanges``.
    let logChanges = ChangeSignal()
    /// Raised by what this process's own jobs have done, and with ``jobChanges``.
    let progressChanges = ChangeSignal()

    package init(in directory: StateDirectory) async throws {
        (pool, key) = try await blocking {
            try directory.path.createDirectories()
            // Two processes that switch a new file to WAL at once would see each other's locks despite the timeout.
            return try Self.whileLocking(directory.lock) {
                (try Self.open(directory.database), try SecretKey(at: directory.secretKey))
            }
        }
    }

    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await blocking { try Self.explaining { try pool.read(work) } }
    }

    /// Runs a transaction. It is not interrupted by the task's cancellation, so that a cancelled job can be put back.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await blocking { try Self.explaining { try pool.write(work) } }
    }

    func announceJobChange() {
        jobChanges.raise()
        logChanges.raise()
        progressChanges.raise()
    }

    package func close() throws { try pool.close() }

    private static func open(_ path: FilePath) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        return try explaining {
            let pool = try DatabasePool(path: path.string, configuration: configuration)
            try pool.write(Migration.migrate)
            return pool
        }
    }

    private static func whileLocking<Value>(_ path: FilePath, _ work: () throws -> Value) throws -> Value {
        let file = try naming("open", path) {
            try FileDescriptor.open(path, .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        }
        return try file.closeAfter {
            guard flock(file.rawValue, LOCK_EX) == 0 else { throw FileSystemError.last("lock", path) }
            return try work()
        }
    }

    private static func explaining<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw ServiceError(
                .insufficientStorage,
                "the disk that holds packager.db is full: free some space and try again"
            )
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            throw ServiceError(
                .unusableState,
                "packager.db is damaged (\(error.message ?? "")): restore it from a backup"
            )
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
            throw ServiceError(
                .unusableState,
                "packager.db cannot be opened: check the permissions of the data directory"
            )
        }
    }
}
