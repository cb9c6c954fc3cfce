import Glibc
package import SystemPackage

extension FilePath {
    /// The same place from wherever a program is started: programs are run in directories of their own.
    ///
    /// A relative path stays as it is when the working directory is gone.
    package var absolute: FilePath {
        guard !isAbsolute, let current = getcwd(nil, 0) else { return self }
        defer { free(current) }
        return FilePath(platformString: current).pushing(self)
    }
}
