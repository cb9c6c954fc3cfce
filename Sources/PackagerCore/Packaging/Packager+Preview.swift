import ImageAssembler
package import Logging

/// The corridor up to where the work begins.
extension Packager {
    /// What ``package(_:logger:)-(PackagingRequest,_)`` would make. The artifact is looked through and the base's manifest
    /// read; no layer is made and nothing is sent.
    package func preview(_ request: PackagingRequest, logger: Logger) async throws -> PackagingPreview {
        try await preview([request], logger: logger)[0]
    }

    /// The previews of several images of one artifact, in the order of the requests.
    package func preview(_ requests: [PackagingRequest], logger: Logger) async throws -> [PackagingPreview] {
        guard let artifact = requests.first?.artifact else { return [] }
        precondition(requests.allSatisfy { $0.artifact == artifact }, "images made together are of one artifact")
        return try await workspaces.withWorkspace(of: artifact, logger: logger) { workspace in
            var previews: [PackagingPreview] = []
            for draft in try await drafts(of: requests, workspace, logger) {
                let image = try await assembler.preview(
                    draft.plan.recipe,
                    on: draft.plan.base,
                    artifact: workspace.contents(),
                    logger: logger
                )
                previews.append(PackagingPreview(draft, image))
            }
            return previews
        }
    }
}
