import FileSystem
import Glibc
import JSON
import SystemPackage
import Testing

@testable import PackagerCore

@Suite struct ConnectionTests {
    private static let prefix = "Validation of connection is failed: "

    private static func docker(_ id: String = "ci", password: String? = Base64.encode("s3cret-pass")) -> WireConnection
    {
        var connection = Connection(id: id, spec: .init(type: "docker", uri: "registry.example:5000/team/"))
        connection.spec.username = "robot"
        connection.spec.password = password
        return WireConnection(received: connection)
    }

    @Test func repliesAreMaskedAndSecretsKeptThroughTheMask() async throws {
        try await withService { service in
            var sent = Self.docker()
            sent.connection.spec.publicKey = Base64.encode("public")
            let reply = try await service.create(sent)
            #expect(reply.spec.password == "*****")
            #expect(reply.spec.publicKey == Base64.encode("public"))
            var edited = try await service.connection("ci")
            #expect(edited.spec.password == "*****")
            edited.connection.spec.description = "changed"
            let updated = try await service.update(edited)
            #expect(updated.spec.description == "changed" && updated.spec.password == "*****")
            #expect(updated.connection.createdAt == reply.connection.createdAt)
            let clear = try await service.decryptedConnection("ci")
            #expect(clear.spec.password == Base64.encode("s3cret-pass"))
            #expect(try await service.connections(types: ["docker"]).map(\.spec.password) == ["*****"])
        }
    }

    @Test func secretsAreNotInAnyFileOfTheDatabase() async throws {
        try await withService { service in
            _ = try await service.create(Self.docker())
            for name in try service.configuration.data.entries() where name.string.hasPrefix("packager.db") {
                let bytes = try service.configuration.data.appending(name).readAll()
                for secret in ["s3cret-pass", Base64.encode("s3cret-pass")] {
                    #expect(bytes.firstRange(of: Array(secret.utf8)) == nil, "\(name)")
                }
                #expect(
                    bytes.firstRange(of: Array("robot".utf8)) != nil || name.string == "packager.db-shm"
                        || name.string == "packager.db"
                )
            }
            let key = try FileIdentity(of: service.configuration.directory.secretKey)
            #expect(key.mode & 0o777 == 0o600)
        }
    }

    @Test func aLostKeyIsSaid() async throws {
        try await withService { service in
            _ = try await service.create(Self.docker())
            try service.configuration.directory.secretKey.removeTree()
            let other = try await service.reopened()
            let error = await refusal { _ = try await other.connection("ci") }
            #expect(error?.kind == .unusableState && error?.message.contains("secret.key") == true)
            try other.close()
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var message: String
        var connection: WireConnection
        var testDescription: String { message }

        init(_ message: String, _ change: (inout Connection) -> Void) {
            var connection = ConnectionTests.docker().connection
            change(&connection)
            self.message = message
            self.connection = WireConnection(received: connection)
        }
    }

    @Test(arguments: [
        Case("ID is not valid; empty \"ID\"; empty uri") {
            $0.id = ""; $0.spec.uri = ""
        },
        Case("password must be base64-encoded, error: illegal base64 data at input byte 0") {
            $0.spec.password = "*****"
        },
        Case(
            "key secret must be base64-encoded, error: illegal base64 data at input byte 1; key id must be base64-encoded, error: illegal base64 data at input byte 0; ID is not valid"
        ) {
            $0.spec.keyID = "?"; $0.spec.keySecret = "a?"; $0.id = "X"
        },
        Case("unknown type: s4. Supported types: [s3 gcs azureblob git docker ecr file]") { $0.spec.type = "s4" },
        Case("docker type requires the password parameter") { $0.spec.password = nil },
        Case("docker type requires the username parameter") { $0.spec.username = nil },
    ])
    func refusalsHaveTheTextsOfODAHU(example: Case) async throws {
        try await withService { service in
            let error = await refusal { _ = try await service.create(example.connection) }
            #expect(error == ServiceError(.invalid, Self.prefix + example.message))
        }
    }

    @Test(arguments: ["user:pass@registry.example", "https://", "registry", "Registry Example", "host:5000/UPPER"])
    func whatIsNoRegistryIsRefusedWithoutRepeatingIt(uri: String) async throws {
        try await withService { service in
            var connection = Self.docker()
            connection.connection.spec.uri = uri
            let error = await refusal { [connection] in _ = try await service.create(connection) }
            #expect(error?.message.contains("docker type requires that uri is the host of a registry") == true)
            #expect(error?.message.contains("pass") == false)
        }
    }

    @Test func anAnonymousConnectionIsFine() async throws {
        try await withService { service in
            var connection = Self.docker(password: nil)
            connection.connection.spec.username = nil
            _ = try await service.create(connection)
            #expect(try await service.decryptedConnection("ci").spec.password == nil)
        }
    }

    @Test(arguments: [
        ("artifacts", true), ("store", true), ("models/today", true), ("file:///DATA/artifacts", true),
        (".", false), ("..", false), ("artifacts/../..", false), ("/etc", false), ("file:///etc", false),
        ("secret.key", false), ("logs", false), ("store/blobs", false), ("link", false), ("link/below", false),
        ("packager.db", false), ("/ROOT", true), ("/ROOT/models", true), ("/ROOT/../etc", false),
    ])
    func fileConnectionsStayInsideTheirRoots(uri: String, isAllowed: Bool) async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "root") { root in
            try await withService(configure: { $0.fileRoots = [root] }) { service in
                let data = service.configuration.data
                #expect(symlink("/etc", data.appending("link").string) == 0)
                let uri = uri.replacing("/DATA", with: data.string).replacing("/ROOT", with: root.string)
                let connection = WireConnection(received: Connection(id: "f", spec: .init(type: "file", uri: uri)))
                if isAllowed {
                    _ = try await service.create(connection)
                } else {
                    let error = await refusal { _ = try await service.create(connection) }
                    #expect(error?.kind == .invalid)
                }
            }
        }
    }

    @Test func builtInConnectionsAlwaysExist() async throws {
        try await withService { service in
            #expect(try await service.connections().map(\.id) == ["artifacts", "store"])
            let vital = await refusal { try await service.deleteConnection("store") }
            #expect(vital == ServiceError(.invalid, "store connection is vital, it cannot be deleted"))
            let store = try await service.connection("store")
            #expect(await refusal { _ = try await service.update(store) }?.kind == .forbidden)
            let unknown = await refusal { try await service.deleteConnection("x") }
            #expect(unknown == ServiceError(.notFound, "entity \"x\" is not found"))
        }
    }

    @Test func integrationsThatAreBuiltInStay() async throws {
        try await withService { service in
            let builtIn = SampleIntegration().definition
            #expect(await refusal { _ = try await service.create(builtIn) }?.kind == .conflict)
            #expect(await refusal { _ = try await service.update(builtIn) }?.kind == .forbidden)
            #expect(await refusal { try await service.deleteIntegration("docker-rest") }?.kind == .forbidden)
            var own = builtIn
            own.id = "my-rest"
            own.spec.schema.arguments = .init(properties: [.init("port", ["type": "integer", "default": 8080])])
            _ = try await service.create(own)
            #expect(try await service.integrations().map(\.id) == ["docker-rest", "my-rest"])
            #expect(try await service.integrations(Page(size: 1, index: 1)).map(\.id) == ["my-rest"])
            try await service.uploadSample()
            var packaging = ModelPackaging.sample()
            packaging.spec.integrationName = "my-rest"
            let request = try await service.preparation.request(for: service.create(packaging))
            #expect(request.integration.definition.id == "docker-rest")
            #expect(request.arguments == ["port": 8080])
            try await service.deleteIntegration("my-rest")
        }
    }

    @Test func integrationsAreValidatedInTheWordsOfODAHU() async throws {
        try await withService { service in
            var integration = SampleIntegration().definition
            integration.id = "x"
            integration.spec.entrypoint = ""
            integration.spec.defaultImage = ""
            integration.spec.schema.targets = [
                .init(name: "a", connectionTypes: [], default: "", required: true),
                .init(name: "b", connectionTypes: ["ecr", "ftp"], default: "", required: true),
            ]
            let error = await refusal { [integration] in _ = try await service.create(integration) }
            #expect(
                error?.message
                    == "Validation of packaging integration is failed: empty entrypoint; empty defaultImage; a target must have at least one connection type; b target have unknown connection type: ftp"
            )
        }
    }
}
