/// What a packaging gets that does not say otherwise, and where it may run. Field names are ODAHU's.
package struct PackagingDefaults: Sendable, Hashable, Codable {
    package struct NodePool: Sendable, Hashable, Codable {
        package var nodeSelector: [String: String]
    }

    package var enabled = true
    package var outputConnectionID: String
    package var defaultResources = ResourceValidation.defaults
    package var nodePools: [NodePool]

    init(_ configuration: PackagerConfiguration) {
        outputConnectionID = configuration.outputConnection
        nodePools = configuration.nodePools.map(NodePool.init)
    }
}

extension PackagerService {
    package var packagingDefaults: PackagingDefaults { preparation.defaults }
}
