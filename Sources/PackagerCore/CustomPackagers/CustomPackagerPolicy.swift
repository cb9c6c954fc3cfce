import OCI

/// Whether integrations may name images of their own, which are run as they are: any program, then.
package struct CustomPackagerPolicy: Sendable, Hashable {
    /// Whether there is something to run them in.
    package var isAllowed: Bool
    /// Whether they may ask for all rights on the machine.
    package var allowsPrivileged: Bool

    package init(isAllowed: Bool = false, allowsPrivileged: Bool = false) {
        self.isAllowed = isAllowed
        self.allowsPrivileged = allowsPrivileged
    }

    /// What is wrong with a packaging by such an integration, a sentence each.
    ///
    /// - Parameter image: the packaging's own, or the integration's.
    func errors(_ integration: PackagingIntegration, image: String) -> [String] {
        guard isAllowed else {
            return [
                """
                packaging integration "\(integration.id)" brings an image of its own, and there is nothing here to run it in: \
                name a Docker engine with --custom-packagers docker and --docker-host, or a program with --custom-packagers \
                crun (PACKAGER_CUSTOM_PACKAGERS)
                """
            ]
        }
        var errors: [String] = []
        do {
            _ = try ImageReference(parsing: image)
        } catch {
            errors.append("the packager image of packaging integration \"\(integration.id)\": \(error)")
        }
        if integration.spec.privileged == true, !allowsPrivileged {
            errors.append(
                """
                packaging integration "\(integration.id)" is privileged, which is not allowed here: set its spec.privileged to \
                false, or allow it with --allow-privileged-packagers (PACKAGER_ALLOW_PRIVILEGED_PACKAGERS=true)
                """
            )
        }
        return errors
    }
}
