import FoundationEssentials
import JSON
import Synchronization
import Testing

@testable import DockerEngine

@Suite struct ContainerTests {
    private static var request: ContainerRequest {
        var request = ContainerRequest(
            image: "sha256:0",
            entrypoint: ["/pack"],
            arguments: ["a", "b"],
            workingDirectory: "/workspace"
        )
        request.capabilities = ["CAP_CHOWN"]
        return request
    }

    @Test func aContainerHasNoMoreRightsThanItIsGiven() throws {
        let document = Self.request.document
        #expect(document["Entrypoint"] == ["/pack"] && document["Cmd"] == ["a", "b"])
        let host = try #require(document["HostConfig"])
        #expect(host["Privileged"] == false)
        #expect(host["CapDrop"] == ["ALL"] && host["CapAdd"] == ["CAP_CHOWN"])
        #expect(host["SecurityOpt"] == ["no-new-privileges"])
        #expect(host["Binds"] == nil && host["Mounts"] == nil && host["NetworkMode"] == nil)
        for limit in ["Memory", "MemorySwap", "CpuQuota", "CpuShares", "DeviceRequests"] { #expect(host[limit] == nil) }
    }

    @Test func limitsAreWrittenAsTheEngineReadsThem() throws {
        var request = Self.request
        request.isPrivileged = true
        request.network = "host"
        request.resources.memory = 1 << 30
        request.resources.memoryReservation = 1 << 29
        request.resources.cpuQuota = 150_000
        request.resources.cpuShares = 512
        request.resources.pids = 100
        request.resources.gpus = 2
        let host = try #require(request.document["HostConfig"])
        #expect(host["Privileged"] == true && host["CapDrop"] == nil && host["SecurityOpt"] == nil)
        #expect(host["NetworkMode"] == "host")
        #expect(host["Memory"] == 1_073_741_824 && host["MemorySwap"] == 1_073_741_824)
        #expect(host["MemoryReservation"] == 536_870_912)
        #expect(host["CpuPeriod"] == 100_000 && host["CpuQuota"] == 150_000 && host["CpuShares"] == 512)
        #expect(host["PidsLimit"] == 100)
        #expect(host["DeviceRequests"]?[0]?["Count"] == 2)
    }

    @Test func aContainerRunsAndIsRemoved() async throws {
        try await ScriptedEngine.with { request, connection in
            switch (request.method, request.path) {
            case ("POST", "/v1.41/containers/create"):
                #expect(request.query == "name=mine")
                let body: JSONValue = try CanonicalJSON.decode(from: Data(connection.readWholeBody()))
                #expect(body["Image"] == "sha256:0")
                try connection.respond(201, text: #"{"Id": "1", "Warnings": ["no swap limit"]}"#)
            case ("POST", "/v1.41/containers/mine/start"): try connection.respond(204)
            case ("GET", "/v1.41/containers/mine/logs"):
                try connection.beginChunks()
                try connection.chunk("\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{6}first\n")
                try connection.chunk("\u{2}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{4}last")
                try connection.endChunks()
            case ("POST", "/v1.41/containers/mine/wait"): try connection.respond(200, text: #"{"StatusCode": 3}"#)
            case ("GET", "/v1.41/containers/mine/json"):
                try connection.respond(200, text: #"{"State": {"ExitCode": 3, "OOMKilled": true}}"#)
            case ("DELETE", "/v1.41/containers/mine"):
                #expect(request.query == "force=1&v=1")
                try connection.respond(204)
            case ("GET", "/v1.41/containers/json"):
                #expect(request.query.contains("label"))
                try connection.respond(200, text: #"[{"Id": "1"}, {"Id": "2"}]"#)
            case ("GET", "/v1.41/containers/mine/archive"): try connection.respond(404, text: #"{"message":"no file"}"#)
            default: try connection.respond(404, text: #"{"message":"No such container"}"#)
            }
        } body: { engine, _ in
            let session = try await engine.connect()
            #expect(try await session.createContainer("mine", Self.request) == ["no swap limit"])
            try await session.startContainer("mine")
            let lines = Mutex<[String]>([])
            try await session.followLog(of: "mine") { line in lines.withLock { $0.append(line) } }
            #expect(lines.withLock(\.self) == ["first", "last"])
            let state = try await session.waitForContainer("mine")
            #expect(state == ContainerState(exitCode: 3, isOutOfMemory: true))
            #expect(try await session.packed("/workspace/result.json", of: "mine") == nil)
            #expect(try await session.containers(labelled: ["a": "b"]) == ["1", "2"])
            try await session.removeContainer("mine")
            // One that is gone already.
            try await session.removeContainer("other")
            let error = await #expect(throws: EngineError.self) { try await session.startContainer("other") }
            #expect(error?.description.contains("No such container") == true)
        }
    }

    @Test func aPullThatFailsIsToldWithItsImage() async throws {
        try await ScriptedEngine.with { request, connection in
            #expect(request.headers["x-registry-auth"]?.isEmpty == false)
            #expect(request.query == "fromImage=host%3A5000%2Fteam%2Fpack&tag=1")
            try connection.beginChunks()
            try connection.chunk(#"{"status":"Pulling from team/pack","id":"1"}"# + "\n")
            try connection.chunk(#"{"errorDetail":{"message":"unauthorized"},"error":"unauthorized"}"# + "\n")
            try connection.endChunks()
        } body: { engine, _ in
            let session = try await engine.connect()
            let lines = Mutex<[String]>([])
            let credential = EngineCredential(host: "host:5000", secret: .password(user: "u", "s3cret"))
            let error = await #expect(throws: EngineError.self) {
                try await session.pull("host:5000/team/pack", "1", credential: credential) { line in
                    lines.withLock { $0.append(line) }
                }
            }
            #expect(lines.withLock(\.self) == ["Pulling from team/pack (1)"])
            #expect(error?.description.contains("cannot pull host:5000/team/pack (1): unauthorized") == true)
            #expect(error?.description.contains("s3cret") == false)
        }
    }
}
