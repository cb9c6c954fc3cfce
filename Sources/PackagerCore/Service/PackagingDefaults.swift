/// What a packaging gets that does not say otherwise. Field names are ODAHU's.
package struct PackagingDefaults: Sendable, Hashable, Codable {
    package var enabled = true
    package var outputConnectionID = BuiltInConnection.artifacts
    package var defaultResources = ResourceValidation.defaults
}

extension PackagerService {
    package var packagingDefaults: PackagingDefaults { PackagingDefaults() }
}
