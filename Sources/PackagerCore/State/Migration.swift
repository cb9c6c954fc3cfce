import GRDB

/// The steps from an empty database to the current schema. A released step never changes.
enum Migration {
    static let steps: [String] = [
        """
        CREATE TABLE packaging (
            serial INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            created TEXT NOT NULL,
            updated TEXT NOT NULL,
            integration TEXT NOT NULL,
            artifact TEXT NOT NULL,
            spec TEXT NOT NULL,
            status TEXT NOT NULL,
            attempt INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE job (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            packaging INTEGER NOT NULL,
            attempt INTEGER,
            lease TEXT,
            expires INTEGER,
            lost INTEGER NOT NULL DEFAULT 0,
            cancelled INTEGER NOT NULL DEFAULT 0,
            name TEXT NOT NULL
        );
        CREATE INDEX job_packaging ON job (packaging);
        CREATE TABLE integration (
            id TEXT PRIMARY KEY NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, spec TEXT NOT NULL
        );
        CREATE TABLE connection (
            id TEXT PRIMARY KEY NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, type TEXT NOT NULL,
            spec TEXT NOT NULL, secrets BLOB NOT NULL, builtIn INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE layer (key TEXT PRIMARY KEY NOT NULL, layers TEXT NOT NULL);
        CREATE TABLE artifact (
            name TEXT PRIMARY KEY NOT NULL, identity TEXT NOT NULL, digest TEXT, created TEXT NOT NULL, description TEXT
        );
        CREATE TABLE inspection (
            digest TEXT NOT NULL, fallbackName TEXT NOT NULL, model TEXT NOT NULL, PRIMARY KEY (digest, fallbackName)
        );
        CREATE TABLE blobLocation (
            digest TEXT NOT NULL, host TEXT NOT NULL, repository TEXT NOT NULL, seen INTEGER NOT NULL,
            PRIMARY KEY (digest, host, repository)
        );
        """,
        """
        CREATE TABLE attempt (
            packaging INTEGER NOT NULL, number INTEGER NOT NULL, spec TEXT NOT NULL, status TEXT NOT NULL,
            PRIMARY KEY (packaging, number)
        );
        CREATE TABLE idempotency (
            key TEXT PRIMARY KEY NOT NULL, request TEXT NOT NULL, packaging INTEGER NOT NULL, created INTEGER NOT NULL
        );
        """,
        // The layers and the traffic of each attempt.
        "ALTER TABLE attempt ADD COLUMN progress TEXT;",
        artifactVersions,
    ]

    /// An artifact was one file of its name; it becomes the first version.
    private static let artifactVersions = """
        ALTER TABLE artifact RENAME TO artifactFile;
        CREATE TABLE artifact (
            name TEXT PRIMARY KEY NOT NULL, defaultVersion INTEGER NOT NULL, lastVersion INTEGER NOT NULL
        );
        CREATE TABLE artifactVersion (
            name TEXT NOT NULL, version INTEGER NOT NULL, path TEXT NOT NULL, identity TEXT NOT NULL, digest TEXT,
            created TEXT NOT NULL, description TEXT, kind TEXT, PRIMARY KEY (name, version)
        );
        INSERT INTO artifact SELECT name, 1, 1 FROM artifactFile;
        INSERT INTO artifactVersion SELECT name, 1, name, identity, digest, created, description, NULL FROM artifactFile;
        DROP TABLE artifactFile;
        """

    /// Brings the schema up to date within the caller's transaction; the version is SQLite's own `user_version`.
    static func migrate(_ database: Database) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= steps.count else {
            throw ServiceError(
                .unusableState,
                "packager.db was written by a newer version of Packager (schema \(version), this one knows \(steps.count)): use that version"
            )
        }
        for step in steps[version...] { try database.execute(sql: step) }
        try database.execute(sql: "PRAGMA user_version = \(steps.count)")
    }
}
