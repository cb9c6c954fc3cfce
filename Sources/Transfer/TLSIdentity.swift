package import SystemPackage

/// Who a client is to a server that asks for certificates, and whom it trusts there. All files are PEM.
package struct TLSIdentity: Sendable, Hashable {
    package var certificate: FilePath
    package var key: FilePath
    /// The authorities that count, in place of the system's.
    package var authorities: FilePath

    package init(certificate: FilePath, key: FilePath, authorities: FilePath) {
        self.certificate = certificate
        self.key = key
        self.authorities = authorities
    }
}
