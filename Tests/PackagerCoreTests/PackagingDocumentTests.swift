import JSON
import Testing

@testable import PackagerCore

@Suite struct PackagingDocumentTests {
    /// What is copied from the columns is what encoding would give, to the byte.
    @Test(arguments: [[:], ["zone": "größe \"🍷\" \\ /\n\u{7f}"], ["\u{2028}": ""]])
    func `A document is the packaging as JSON`(selector: [String: String]) async throws {
        try await withService { service in
            try await service.uploadSample()
            var packaging = ModelPackaging.sample()
            packaging.spec.arguments = ["port": 1]
            packaging.spec.nodeSelector = selector
            _ = try await service.create(packaging)
            let stored = try await service.packaging("wine")
            #expect(stored.spec.nodeSelector == selector)
            let document = try await service.packagingDocument("wine")
            #expect(document.text == (try encodeText(stored)))
            #expect(document.updatedAt == stored.updatedAt)
            #expect(try await service.packagingDocuments() == "[\(document.text)]")
        }
    }

    @Test func `Lists of documents are those of packagings`() async throws {
        try await withService { service in
            try await service.uploadSample()
            #expect(try await service.packagingDocuments() == "[]")
            for id in ["b", "c", "a"] { _ = try await service.create(.sample(id)) }
            for (page, integrations) in [
                (Page(), []), (Page(size: 2, index: 0), []), (Page(size: 2, index: 1), ["docker-rest"]),
                (Page(size: 0, index: 5), ["*"]), (Page(), ["none"]),
            ] {
                let packagings = try await service.packagings(page, integrations: integrations)
                #expect(
                    try await service.packagingDocuments(page, integrations: integrations) == encodeText(packagings)
                )
            }
            let missing = await refusal { _ = try await service.packagingDocument("x") }
            #expect(missing == ServiceError(.notFound, "entity \"x\" is not found"))
        }
    }
}
