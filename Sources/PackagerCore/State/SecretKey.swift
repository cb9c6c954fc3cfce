import Crypto
import FileSystem
import FoundationEssentials
import Glibc
import SystemPackage

/// The key that secrets are encrypted with at rest: 32 random bytes in a file that only its owner reads.
struct SecretKey: Sendable {
    private let key: SymmetricKey

    /// Reads the key, or makes one. Of several processes that make one at the same time all get the same.
    init(at path: FilePath) throws {
        if !path.exists { try Self.create(at: path) }
        let bytes = try path.readAll(limit: 4096)
        guard bytes.count == 32 else {
            throw ServiceError(
                .unusableState,
                "\(path) has \(bytes.count) bytes in place of 32: restore it from a backup, or remove it and enter all connections' secrets again"
            )
        }
        key = SymmetricKey(data: bytes)
    }

    private static func create(at path: FilePath) throws {
        let temporary = path.removingLastComponent().appending(".secret.key.\(UInt64.random(in: 0 ... .max))")
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        try temporary.writeAtomically(bytes, permissions: .ownerReadWrite)
        defer { try? temporary.removeTree() }
        // A link, unlike a rename, never replaces the key of a process that was faster.
        let result = temporary.withPlatformString { source in path.withPlatformString { link(source, $0) } }
        guard result == 0 || Glibc.errno == EEXIST else { throw FileSystemError.last("create", path) }
        try path.removingLastComponent().synchronizeDirectory()
    }

    /// - Parameter context: what the secret belongs to; the same is needed to open it.
    func seal(_ clear: Data, context: String) throws -> Data {
        guard let sealed = try AES.GCM.seal(clear, using: key, authenticating: Data(context.utf8)).combined else {
            throw ServiceError(.unusableState, "a secret cannot be encrypted")
        }
        return sealed
    }

    func open(_ sealed: Data, context: String) throws -> Data {
        do {
            return try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Data(context.utf8))
        } catch {
            throw ServiceError(
                .unusableState,
                "the secrets of \(context) cannot be decrypted: secret.key is not the one they were encrypted with; enter them again"
            )
        }
    }
}
