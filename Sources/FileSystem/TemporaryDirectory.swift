package import SystemPackage

/// A new directory below `parent` for the time of `body`; it is removed with all it holds, however `body` ends.
package func withTemporaryDirectory<Value>(
    in parent: FilePath,
    prefix: String = "tmp",
    isolation: isolated (any Actor)? = #isolation,
    _ body: (FilePath) async throws -> Value
) async throws -> Value {
    let directory = parent.appending("\(prefix)-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
    try directory.createDirectories(mode: .ownerReadWriteExecute)
    do {
        let value = try await body(directory)
        try directory.removeTree()
        return value
    } catch {
        try? directory.removeTree()
        throw error
    }
}
