/// Writes a tar (`paxr`) entry by entry into a sink: owners 0, fixed modes, one modification time.
package struct TarWriter: ~Copyable {
    /// - Parameters:
    ///   - modified: the modification time of every entry, in seconds since 1970.
    ///   - sink: takes the archive's bytes in order; what it throws ends the writing.
    package init(modified: Int64, sink: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {}

    package mutating func addDirectory(_ path: String) throws {}
    package mutating func addSymbolicLink(_ path: String, target: String) throws {}
    /// Starts a file; exactly `size` bytes have to follow through ``write(_:)``.
    package mutating func addFile(_ path: String, size: Int64, executable: Bool) throws {}
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws {}
    /// Ends the archive. A file that fell short of its size is an error.
    package consuming func finish() throws {}
}
