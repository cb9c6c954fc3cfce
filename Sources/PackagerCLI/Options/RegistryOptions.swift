import ArgumentParser
import PackagerCore
import Registry

/// How commands visit registries.
struct RegistryOptions: ParsableArguments {
    @Flag(name: .long, help: "Speak HTTP without TLS to the registry. Loopback addresses need no permission.")
    var plainHTTP = false

    /// Docker's own credentials: `docker login` is enough.
    ///
    /// - Parameter registries: the hosts that the flag is about.
    func access(to registries: String?...) -> RegistryAccess {
        RegistryAccess(
            credentials: DockerCredentials(),
            plainHTTP: plainHTTP ? Set(registries.compactMap(\.self)) : []
        )
    }
}
