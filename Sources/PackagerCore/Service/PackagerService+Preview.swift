import FileSystem
import Logging
import OCI

extension PackagerService {
    /// What a packaging would make. It is refused as its creation or its change would be, and nothing is stored.
    ///
    /// - Parameters:
    ///   - isNew: whether it is to be created, not changed.
    ///   - packager: the corridor that the packaging's job would go through.
    /// - Throws: ``ServiceError`` `invalid` for what the job would fail for, too.
    package func preview(_ packaging: ModelPackaging, isNew: Bool, by packager: Packager) async throws
        -> PackagingPreview
    {
        let packaging = try await preparation.validated(packaging)
        try await preparation.checkModel(of: packaging)
        let exists = try await database.packaging(packaging.id) != nil
        if isNew, exists { throw ServiceError.alreadyExists(packaging.id) }
        if !isNew, !exists { throw ServiceError.notFound(packaging.id) }
        let request = try await preparation.request(validated: packaging)
        let silent = Logger(label: "preview") { _ in SwiftLogNoOpLogHandler() }
        var preview: PackagingPreview
        do {
            preview = try await packager.preview(request, logger: silent)
        } catch let error where error is ServiceError || error is FileSystemError || error is CancellationError {
            throw error
        } catch {
            throw PackagingPreparation.refusal("\(error)")
        }
        if preview.image.host == nil { preview.image.host = configuration.publicHost }
        preview.targets = packaging.spec.targets
        return preview
    }
}
