import FileSystem
import PythonLayers
import SystemPackage

/// The first 16 bytes of a `.pyc` file. Source: PEP 552.
///
/// Conda's packages hold byte code that is good for one time of its source. Layers have one time for all files, which
/// would make Python compile everything anew at each start: byte code that belongs to the source beside it is marked to
/// be taken without a look.
enum ByteCodeHeader {
    /// - Parameter modulePath: the byte code's path below `root`, `a/__pycache__/b.cpython-311.pyc`.
    static func uncheck(_ file: FilePath, in root: FilePath, modulePath: String) throws {
        let parts = modulePath.split(separator: "/")
        guard parts.count >= 2, parts[parts.count - 2] == "__pycache__", let name = parts.last,
            let stem = name.split(separator: ".").first
        else { return }
        let source = root.appending((parts.dropLast(2).map(String.init) + ["\(stem).py"]).joined(separator: "/"))
        guard let identity = try? FileIdentity(of: source, followingLinks: false), identity.isRegularFile else {
            return
        }
        let descriptor = try naming("open", file) { try FileDescriptor.open(file, .readOnly, options: .closeOnExec) }
        var header = [UInt8](repeating: 0, count: 16)
        let count = try descriptor.closeAfter { try header.withUnsafeMutableBytes { try descriptor.read(into: $0) } }
        let recorded = header[12...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard count == 16, header[4..<8].allSatisfy({ $0 == 0 }),
            recorded == UInt32(truncatingIfNeeded: identity.size)
        else { return }
        header.replaceSubrange(4..., with: [1, 0, 0, 0] + [UInt8](repeating: 0, count: 8))
        try rewriting(file) { output in
            try naming("write", file) { _ = try output.writeAll(header) }
            var position = 0
            try FileHash.forEachBlock(of: file, flag: CancellationFlag()) { block in
                let rest = position == 0 ? UnsafeRawBufferPointer(rebasing: block.dropFirst(16)) : block
                position += block.count
                try naming("write", file) { _ = try output.writeAll(rest) }
            }
        }
    }
}
