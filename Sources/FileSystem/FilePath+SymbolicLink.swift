import Glibc
package import SystemPackage

extension FilePath {
    /// Where the symbolic link at this path leads, as it is written there.
    package func symbolicLinkTarget() throws -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = withPlatformString { readlink($0, &buffer, buffer.count - 1) }
        guard count > 0 else { throw FileSystemError.last("read the link", self) }
        buffer[count] = 0
        return FilePath(platformString: buffer)
    }

    /// Makes a symbolic link at this path, where nothing may be yet.
    package func createSymbolicLink(to target: FilePath) throws {
        let result = withPlatformString { link in target.withPlatformString { symlink($0, link) } }
        guard result == 0 else { throw FileSystemError.last("make the link", self) }
    }
}
