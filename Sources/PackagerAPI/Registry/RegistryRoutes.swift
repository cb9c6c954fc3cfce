import HTTPTypes
import Hummingbird
import OCI

/// The store as a registry that can be pulled from.
struct RegistryRoutes {
    var images: any ImageCatalog

    /// Every path below `/v2`; ``RegistryOperation`` tells them apart.
    func add(to router: Router<APIRequestContext>) {
        for path: RouterPath in ["/v2", "/v2/**"] {
            router.get(path, use: reply)
            for method in HTTPRequest.Method.common.subtracting([.get, .head]) {
                router.on(path, method: method) { _, _ -> Response in throw RegistryError.readOnly }
            }
        }
    }

    @Sendable private func reply(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        guard let path = PercentDecoding.decode(request.uri.path) else { throw RegistryError.unknownPath }
        var response =
            switch try RegistryOperation(path: path) {
            case .check: try Response.json([String: String]())
            case .catalog: try await catalog(request)
            case .tags(let repository): try await tags(of: repository, request)
            case .manifest(let repository, let selector):
                try await ManifestReply(images: images, repository: repository, selector: selector).reply(request)
            case .blob(let repository, let digest):
                try await BlobReply(images: images, repository: repository, digest: digest).reply(request, context)
            }
        response.headers[.dockerDistributionVersion] = "registry/2.0"
        return response
    }

    private func catalog(_ request: Request) async throws -> Response {
        struct Catalog: Encodable { var repositories: [String] }
        let page = try await NamePage(of: images.repositories().keys, request)
        return try .json(Catalog(repositories: page.names), headers: page.headers(path: "/v2/_catalog"))
    }

    private func tags(of repository: String, _ request: Request) async throws -> Response {
        struct Tags: Encodable { var name: String, tags: [String] }
        guard let tags = try await images.repositories()[repository] else {
            throw RegistryError.unknownName(repository)
        }
        let page = try NamePage(of: tags, request)
        return try .json(
            Tags(name: repository, tags: page.names),
            headers: page.headers(path: "/v2/\(repository)/tags/list")
        )
    }
}

/// A part of an ordered list of names: `n` of those after `last`. Source: OCI distribution specification, "Listing Tags".
private struct NamePage {
    var names: [String]
    var next: (count: Int, last: String)?

    init(of names: some Collection<String>, _ request: Request) throws {
        let query = try QueryParameters(request, allowed: ["n", "last"])
        var sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if let last = try query.single("last") { sorted.removeAll { !last.utf8.lexicographicallyPrecedes($0.utf8) } }
        guard let text = try query.single("n") else {
            self.names = sorted
            return
        }
        guard let count = Int(text), count >= 0 else {
            throw RegistryError(
                code: .paginationInvalid,
                description: "the URL parameter n must be a whole number that is not negative, not \(text)",
                status: .badRequest,
                detail: ["n": text]
            )
        }
        self.names = Array(sorted.prefix(count))
        if count < sorted.count, let last = self.names.last { next = (count, last) }
    }

    /// The field that leads to the next page. Names hold only characters that a URL may hold as they are.
    func headers(path: String) -> HTTPFields {
        guard let next else { return [:] }
        return [.link: "<\(path)?n=\(next.count)&last=\(next.last)>; rel=\"next\""]
    }
}

extension HTTPField.Name {
    static let link = Self.known("Link")
}
