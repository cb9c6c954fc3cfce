import FoundationEssentials
import HTTPTypes
import JSON
package import OCI
import Transfer

extension RegistryRepository {
    /// What refers to a manifest of this repository: signatures, SBOMs and the like.
    ///
    /// A registry without the API keeps them in an index under the tag `sha256-…`. Source: OCI distribution
    /// specification, "Listing Referrers" and "Referrers Tag Schema".
    package func referrers(of digest: Digest) async throws -> [Descriptor] {
        if let found = try await listedReferrers(of: digest) { return found }
        return try await taggedReferrers(of: digest)?.manifests ?? []
    }

    /// Makes a manifest that was put here findable from what it refers to, where the registry does not do so itself.
    package func link(_ referrer: Descriptor, to digest: Digest) async throws {
        if try await listedReferrers(of: digest) != nil { return }
        var index = try await taggedReferrers(of: digest) ?? ImageIndex(manifests: [])
        guard !index.manifests.contains(where: { $0.digest == referrer.digest }) else { return }
        index.manifests.append(referrer)
        let stored = StoredManifest(mediaType: .ociIndex, bytes: try CanonicalJSON.encode(index))
        try await put(stored, tag: Self.referrersTag(of: digest))
    }

    /// - Returns: nil where the registry does not have the API.
    private func listedReferrers(of digest: Digest) async throws -> [Descriptor]? {
        var found: [Descriptor] = []
        var target = RegistryCall.Target.path("/v2/\(name)/referrers/\(digest)")
        // A registry that pages without end is cut off.
        for _ in 0..<100 {
            let call = RegistryCall(
                method: .get,
                target: target,
                scopes: [.pull(name)],
                headers: [.accept: MediaType.ociIndex.rawValue],
                operation: "list what refers to \(fullName)@\(digest)"
            )
            let response = try await client.send(call, host, expecting: [200, 400, 404, 405, 501])
            guard response.head.status.code == 200,
                let index = try? CanonicalJSON.decode(ImageIndex.self, from: Data(response.body))
            else { return nil }
            found += index.manifests
            guard let next = try nextPage(after: response) else { break }
            target = .url(next)
        }
        return found
    }

    /// `Link: </v2/…>; rel="next"`
    private func nextPage(after response: HTTPBufferedResponse) throws -> HTTPURL? {
        guard let link = HTTPField.Name("Link").flatMap({ response.head.headerFields[$0] }), link.contains("next"),
            let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"), start < end
        else { return nil }
        let here = try HTTPURL(response.url)
        let next = try here.resolving(String(link[link.index(after: start)..<end]))
        return next.hasSameOrigin(as: here) ? next : nil
    }

    private func taggedReferrers(of digest: Digest) async throws -> ImageIndex? {
        do {
            let stored = try await manifest(.tag(Self.referrersTag(of: digest)))
            return stored.descriptor.mediaType.isIndex ? try CanonicalJSON.decode(from: stored.bytes) : nil
        } catch let error as RegistryError where error.code == .notFound {
            return nil
        }
    }

    private static func referrersTag(of digest: Digest) -> String {
        "\(digest.algorithm.rawValue)-\(digest.hexadecimal.prefix(64))"
    }
}
