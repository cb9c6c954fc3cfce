package import OCI
package import Registry
package import Transfer

extension HTTPClient {
    /// The repository of a reference in its registry.
    package func repository(_ reference: ImageReference, for access: RegistryAccess) -> RegistryRepository {
        RegistryClient(
            http: self,
            credentials: access.credentials,
            options: RegistryClient.Options(plainHTTP: access.plainHTTP ? [reference.resolvedHost] : [])
        ).repository(for: reference)
    }
}
