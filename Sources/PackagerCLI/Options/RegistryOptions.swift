import ArgumentParser
import PackagerCore
import Registry

/// How commands visit registries.
struct RegistryOptions: ParsableArguments {
    @Flag(name: .long, help: "Speak HTTP without TLS to the registry. Loopback addresses need no permission.")
    var plainHTTP = false

    /// Docker's own credentials: `docker login` is enough.
    var access: RegistryAccess {
        RegistryAccess(credentials: DockerConfigCredentials(), plainHTTP: plainHTTP)
    }
}
