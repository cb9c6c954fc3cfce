import FoundationEssentials
import HTTPTypes
import JSON
package import OCI
import Transfer

import struct Crypto.SHA512

extension RegistryRepository: ImageSource {
    package func manifest(_ selector: ManifestSelector) async throws -> StoredManifest {
        let separator =
            switch selector {
            case .tag: ":"
            case .digest: "@"
            }
        let image = fullName + separator + selector.description
        let call = RegistryCall(
            method: .get,
            target: .path("/v2/\(name)/manifests/\(selector)"),
            scopes: [.pull(name)],
            headers: [.accept: MediaType.acceptedManifests.map(\.rawValue).joined(separator: ", ")],
            operation: "read the image \(image)"
        )
        let response: HTTPBufferedResponse
        do {
            response = try await client.send(call, host, expecting: [200])
        } catch let error as RegistryError where error.code == .notFound {
            throw RegistryError(.notFound, host.name, "there is no image \(image)", status: error.status)
        }
        let manifest = try StoredManifest(mediaType: mediaType(of: response, image), bytes: Data(response.body))
        try verify(manifest, selector, response.head, image)
        return manifest
    }

    package func blob(_ descriptor: Descriptor) async throws -> BlobContent {
        let call = RegistryCall(
            method: .get,
            target: .path("/v2/\(name)/blobs/\(descriptor.digest)"),
            scopes: [.pull(name)],
            operation: "read the blob \(descriptor.digest.short) of \(fullName)"
        )
        let (response, source) = try await client.attempt(call, host) { try await client.http.stream($0) }
        guard response.head.status.code == 200 else {
            throw RegistryError(
                try await HTTPBufferedResponse(excerptOf: response),
                registry: host.name,
                operation: call.operation,
                credentialSource: source
            )
        }
        if let length = response.head.contentLength, length != descriptor.size {
            throw RegistryError(
                .digestMismatch,
                host.name,
                "registry \(host.name) has \(length) bytes for the blob \(descriptor.digest) of \(name), not \(descriptor.size)"
            )
        }
        return .stream(response.body)
    }

    /// The header's type; the document's own where a server only knows "JSON".
    private func mediaType(of response: HTTPBufferedResponse, _ image: String) throws -> MediaType {
        let header = response.head.headerFields[.contentType]?.prefix { $0 != ";" }
            .split(separator: " ").first.map(String.init)
        let named = header.map(MediaType.init)
        if let named, named.isManifest || named.isIndex { return named }
        let document: JSONValue? = try? CanonicalJSON.decode(from: Data(response.body))
        let own = document?["mediaType"]?.stringValue.map(MediaType.init)
        if let own, own.isManifest || own.isIndex { return own }
        if document?["schemaVersion"]?.integerValue == 1 {
            throw RegistryError(
                .rejected,
                host.name,
                "\(image) has a manifest of Docker's schema 1, which is no longer read"
            )
        }
        if document == nil || RegistryError.isHTML(response) {
            throw RegistryError(
                .notARegistry,
                host.name,
                "\(host.name) answers with something that is not a manifest for \(image): is this a registry?"
            )
        }
        throw RegistryError(
            .rejected,
            host.name,
            "\(image) is no image: its media type is \(named?.rawValue ?? "missing")"
        )
    }

    private func verify(
        _ manifest: StoredManifest,
        _ selector: ManifestSelector,
        _ head: HTTPResponse,
        _ image: String
    ) throws {
        var expected = head.contentDigest.map { [$0] } ?? []
        if case .digest(let digest) = selector { expected.append(digest) }
        for digest in expected where !digest.matches(manifest.bytes) {
            throw RegistryError(
                .digestMismatch,
                host.name,
                "registry \(host.name) answers for \(image) with other content than the digest \(digest) says"
            )
        }
    }
}

extension HTTPResponse {
    /// `Docker-Content-Digest`, where there is one that can be read.
    var contentDigest: Digest? {
        HTTPField.Name("Docker-Content-Digest").flatMap { headerFields[$0] }.flatMap { Digest($0) }
    }

    var contentLength: Int64? { headerFields[.contentLength].flatMap { Int64($0) } }
}

extension HTTPBufferedResponse {
    /// A failed answer with the start of its body.
    init(excerptOf response: HTTPStreamedResponse) async throws {
        var body: [UInt8] = []
        for try await chunk in response.body {
            body += chunk
            if body.count > 64 << 10 { break }
        }
        self = HTTPBufferedResponse(head: response.head, url: response.url, body: body)
    }
}

extension Digest {
    fileprivate func matches(_ bytes: Data) -> Bool {
        switch algorithm {
        case .sha256: self == .sha256(of: bytes)
        case .sha512:
            SHA512.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == hexadecimal
        }
    }
}
