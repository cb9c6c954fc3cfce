import FoundationEssentials
import HTTPTypes
package import OCI
import Transfer

extension RegistryRepository: ImageDestination {
    package func contains(_ blob: Descriptor) async throws -> Bool {
        var call = call(.head, "/v2/\(name)/blobs/\(blob.digest)", "look for a blob in")
        call.scopes = [.push(name)]
        let response = try await client.send(call, host, expecting: [200, 404])
        guard response.head.status.code == 200 else { return false }
        return response.head.contentLength.map { $0 == blob.size } ?? true
    }

    package func mount(_ blob: Descriptor, from origin: ImageOrigin) async throws -> Bool {
        guard case .registry(host.name, let source) = origin else { return false }
        if source == name { return try await contains(blob) }
        let query = "mount=\(blob.digest.description.queryEncoded)&from=\(source.queryEncoded)"
        var call = call(.post, "/v2/\(name)/blobs/uploads/?\(query)", "mount a blob in")
        // The new repository comes first: some token services look at the first scope only.
        call.scopes = [.push(name), .pull(source)]
        do {
            let response = try await client.send(call, host, expecting: [201, 202])
            if response.head.status.code == 201 { return true }
            openUploads.keep(try location(of: response), for: blob.digest)
            return false
        } catch let error as RegistryError where [400, 401, 403, 404, 405, 415, 422].contains(error.status) {
            // No access to the source, no such repository, mounts not known: the bytes have to travel.
            return false
        }
    }

    package func put(_ blob: Descriptor, _ content: BlobContent) async throws {
        let opened: HTTPURL?
        if let mounted = openUploads.take(blob.digest) { opened = mounted } else { opened = try await openUpload() }
        guard let session = opened else { return }
        var call = call(.put, "", "push the blob \(blob.digest.short) to")
        call.target = .url(try session.appendingQuery("digest", blob.digest.description))
        call.headers = [.contentType: "application/octet-stream"]
        call.body =
            switch content {
            case .file(let path): .file(path, offset: 0, length: blob.size)
            case .bytes(let bytes): .bytes(bytes)
            case .stream(let chunks): .stream(chunks, length: blob.size)
            }
        do {
            let response = try await client.send(call, host, expecting: [200, 201, 204])
            if let stored = response.head.contentDigest, stored != blob.digest {
                throw otherDigest(stored, blob.digest)
            }
        } catch {
            await cancelUpload(session, after: error)
            throw error
        }
    }

    package func put(_ manifest: StoredManifest, tag: String?) async throws {
        let digest = manifest.descriptor.digest
        let label = tag ?? digest.description
        var call = call(.put, "/v2/\(name)/manifests/\(label)", "push the manifest \(label) to")
        call.headers = [.contentType: manifest.descriptor.mediaType.rawValue]
        call.body = .bytes(Array(manifest.bytes))
        let response = try await client.send(call, host, expecting: [200, 201, 202])
        if let stored = response.head.contentDigest, stored.algorithm == digest.algorithm, stored != digest {
            throw otherDigest(stored, digest)
        }
    }

    /// - Parameter operation: the repository's name is added.
    private func call(_ method: HTTPRequest.Method, _ path: String, _ operation: String) -> RegistryCall {
        RegistryCall(
            method: method,
            target: .path(path),
            scopes: [.push(name)],
            operation: "\(operation) \(fullName)"
        )
    }

    /// - Returns: where to put the blob.
    private func openUpload() async throws -> HTTPURL {
        let call = call(.post, "/v2/\(name)/blobs/uploads/", "start an upload to")
        return try location(of: try await client.send(call, host, expecting: [202]))
    }

    /// `Location` of an answer, relative or absolute, here or on another host.
    private func location(of response: HTTPBufferedResponse) throws -> HTTPURL {
        let answered = try HTTPURL(response.url)
        guard let text = response.head.headerFields[.location], let location = try? answered.resolving(text) else {
            throw RegistryError(
                .notARegistry,
                host.name,
                "registry \(host.name) starts an upload without saying where: is this a registry?"
            )
        }
        guard answered.scheme == "https", location.scheme == "http" else { return location }
        guard location.host == answered.host else {
            throw RegistryError(
                .rejected,
                host.name,
                "registry \(host.name) wants the upload sent to \(location.address) in the clear; it is not"
            )
        }
        // A registry behind a proxy that ends TLS does not know its own scheme.
        return try answered.resolving(location.path + (location.query.map { "?" + $0 } ?? ""))
    }

    private func otherDigest(_ stored: Digest, _ expected: Digest) -> RegistryError {
        RegistryError(
            .digestMismatch,
            host.name,
            "registry \(host.name) stored \(stored) in place of \(expected) in \(name)"
        )
    }

    /// Frees what the registry holds of a failed upload, as far as that is quickly done: it forgets it by itself in time.
    private func cancelUpload(_ session: HTTPURL, after error: any Error) async {
        if let error = error as? RegistryError, error.code == .unreachable { return }
        var call = call(.delete, "", "cancel an upload to")
        call.target = .url(session)
        let cancel = call
        // In a task of its own, which is waited for: the one that failed may be cancelled.
        await Task {
            _ = try? await client.attempt(cancel, host) { request in
                var request = request
                request.idleTimeout = .milliseconds(500)
                return try await client.http.send(request, limit: 64 << 10)
            }
        }.value
    }
}
