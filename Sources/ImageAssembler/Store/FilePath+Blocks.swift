import FileSystem
import SystemPackage

extension FilePath {
    /// Hands the file's bytes on in blocks of 1 MiB.
    func readBlocks(_ cancellation: CancellationFlag, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try naming("read", self) {
            let file = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
            try file.closeAfter {
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
                defer { buffer.deallocate() }
                while true {
                    try cancellation.check()
                    let count = try file.read(into: buffer)
                    if count == 0 { return }
                    try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
            }
        }
    }
}
