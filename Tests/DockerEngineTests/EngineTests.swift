import FileSystem
import SystemPackage
import Testing
import Transfer

@testable import DockerEngine

@Suite struct EngineTests {
    @Test(arguments: [("1.41", "1.41"), ("1.47", "1.47"), ("1.99", "1.51")])
    func speaksTheNewestVersionThatBothKnow(announced: String, spoken: String) async throws {
        try await ScriptedEngine.with(version: announced) { _, connection in
            try connection.respond(404)
        } body: { engine, server in
            let id = try await engine.connect().imageID(of: "team/wine:1")
            #expect(id == nil)
            #expect(server.requests.last?.target == "/v\(spoken)/images/team/wine%3A1/json")
        }
    }

    @Test func anEngineThatSaysNoVersionIsAskedForIt() async throws {
        try await ScriptedEngine.with(version: nil) { request, connection in
            if request.path == "/version" { return try connection.respond(200, text: #"{"ApiVersion": "1.43"}"#) }
            try connection.respond(200, text: "OK")
        } body: { engine, _ in
            let session = try await engine.connect()
            #expect(session.version == EngineVersion(major: 1, minor: 43))
        }
    }

    @Test(arguments: ["1.40", "1.24", "0.99"]) func anOldEngineIsToldSo(version: String) async throws {
        try await ScriptedEngine.with(version: version) { _, _ in
        } body: { engine, _ in
            let error = await #expect(throws: EngineError.self) { try await engine.connect() }
            #expect(error?.code == .unsupportedVersion)
            #expect(error?.description.contains(version) == true)
        }
    }

    @Test(arguments: ["", "new", "1.", "1.x", "-1.41", "1.41.2"]) func aVersionIsTwoNumbers(text: String) {
        #expect(EngineVersion(text) == nil)
    }

    @Test func anEngineThatIsNotThereIsToldWithWhatToDo() async throws {
        let engine = try DockerEngine(EngineAddress("unix:///nowhere/docker.sock"), over: HTTPClient())
        let error = await #expect(throws: EngineError.self) { try await engine.connect() }
        #expect(error?.code == .unreachable)
        for words in ["unix:///nowhere/docker.sock", "--docker-host", "native"] {
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
    }

    @Test func imagesAreTakenInSavedAndRemoved() async throws {
        try await ScriptedEngine.with { request, connection in
            switch (request.method, request.path) {
            case ("POST", "/v1.41/images/load"):
                #expect(try connection.readWholeBody() == Array("a tar".utf8))
                try connection.respond(200, text: #"{"stream":"Loaded image: a:1\n"}"#)
            case ("GET", "/v1.41/images/a%3A1/get"): try connection.respond(200, text: "another tar")
            case ("DELETE", "/v1.41/images/a%3A1"): try connection.respond(200, text: "[]")
            case ("DELETE", _): try connection.respond(409, text: #"{"message":"it is used"}"#)
            default: try connection.respond(404, text: #"{"message":"No such image"}"#)
            }
        } body: { engine, server in
            let session = try await engine.connect()
            try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
                let archive = directory.appending("a.tar")
                try archive.writeAtomically("a tar".utf8)
                try await session.load(archive, size: 5)
            }
            var saved: [UInt8] = []
            for try await chunk in try await session.export("a:1") { saved += chunk }
            #expect(saved == Array("another tar".utf8))
            let error = await #expect(throws: EngineError.self) { try await session.export("b:1") }
            #expect(error?.description.contains("No such image") == true)
            try await session.remove("a:1")
            #expect(server.requests.last?.query == "noprune=1")
            await #expect(throws: EngineError.self) { try await session.remove("b:1") }
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("\u{1b}[91mred\u{1b}[0m", "red"), ("1 %\r50 %\r\n", "50 %"), ("a\u{0}b\u{7}", "ab"),
        ("\u{1b}", ""), ("\u{1b}[", ""), ("\u{1b}[999", ""), ("\r\r\r", ""), ("", ""), ("tab\tend  ", "tab\tend"),
    ])
    func whatIsMeantForTerminalsIsTakenOut(text: String, line: String) {
        #expect(PlainText.line(text) == line)
    }
}
