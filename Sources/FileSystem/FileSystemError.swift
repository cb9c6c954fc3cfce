package import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A failed operation on a path, with what the operating system said.
package struct FileSystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was attempted, as a verb: "open", "rename".
    package var operation: String
    package var path: FilePath
    package var errno: Errno

    package init(_ operation: String, _ path: FilePath, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }

    package var description: String {
        switch errno {
        case .noSpace: "cannot \(operation) \(path): the disk is full; free some space and try again"
        default: "cannot \(operation) \(path): \(errno)"
        }
    }

    /// Throws the thread's current `errno` for an operation on a path.
    package static func last(_ operation: String, _ path: FilePath) -> FileSystemError {
        #if canImport(Glibc)
            FileSystemError(operation, path, Errno(rawValue: Glibc.errno))
        #else
            FileSystemError(operation, path, Errno(rawValue: 0))
        #endif
    }
}

/// Runs a system call and names the operation and path in what it throws.
package func naming<Value>(_ operation: String, _ path: FilePath, _ call: () throws -> Value) throws -> Value {
    do {
        return try call()
    } catch let errno as Errno {
        throw FileSystemError(operation, path, errno)
    }
}
