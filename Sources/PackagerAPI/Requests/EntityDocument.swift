import FoundationEssentials
import HTTPTypes
import Hummingbird
import JSON
import PackagerCore

/// An entity that clients send as JSON. Unknown members, and those that only the server sets, are ignored.
protocol EntityDocument: Codable, Sendable {
    var id: String { get }
    /// When it was last edited; nil for what is built in.
    var updatedAt: Date? { get }
}

extension ModelPackaging: EntityDocument {}
extension PackagingIntegration: EntityDocument {}
extension WireConnection: EntityDocument {}

extension Request {
    /// The entity in the body; an `id` in the URL stands in for a missing one and must not differ from the body's.
    ///
    /// - Throws: ``APIError`` that names the member that is wrong.
    func entity<Entity: EntityDocument>(
        _ type: Entity.Type = Entity.self,
        id: String? = nil,
        limit: Int
    ) async throws -> Entity {
        let document = try await document(limit: limit)
        guard case .object(var members) = document else {
            throw APIError(.badRequest, "the request body must be an object, not \(document.kind)")
        }
        for member in ["createdAt", "updatedAt", "status"] { members[member] = nil }
        if let id, members["id"] == nil || members["id"] == .null { members["id"] = .string(id) }
        let entity = try RequestDocument.decode(Entity.self, from: .object(members))
        if let id, entity.id != id {
            throw APIError(.badRequest, "the id in the URL is \"\(id)\", the one in the request body \"\(entity.id)\"")
        }
        return entity
    }
}
