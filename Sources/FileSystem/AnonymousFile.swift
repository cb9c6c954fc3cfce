import Glibc
package import SystemPackage

/// Gives text as an open file without a name, to be read from its start: the standard input of a program.
///
/// A pipe would have to be written while the program runs, and what writes it is left behind when the program ends before
/// it has read everything.
///
/// - Throws: ``FileSystemError`` when the directory of temporary files (`TMPDIR`, or `/tmp`) takes none.
package func withAnonymousFile<Value>(
    holding text: String,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (FileDescriptor) async throws -> Value
) async throws -> Value {
    let file = try anonymousFile(holding: text)
    do {
        let value = try await body(file)
        try file.close()
        return value
    } catch {
        try? file.close()
        throw error
    }
}

private func anonymousFile(holding text: String) throws -> FileDescriptor {
    if text.isEmpty { return try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec) }
    let directory = getenv("TMPDIR").map { FilePath(platformString: $0) } ?? "/tmp"
    let path = directory.appending(".packager-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
    return try naming("create", path) {
        let file = try FileDescriptor.open(
            path,
            .readWrite,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite
        )
        do {
            try path.removeTree()
            try file.writeAll(text.utf8)
            try file.seek(offset: 0, from: .start)
            return file
        } catch {
            try? file.close()
            throw error
        }
    }
}
