import FileSystem
import JSON
import OCI
import SystemPackage
import Testing

@testable import Containers

@Suite struct RuntimeSpecificationTests {
    private func specification(
        _ machine: RuntimeSpecification.Machine,
        user: String = "",
        change: (inout ContainerTask) -> Void = { _ in }
    ) throws -> JSONValue {
        let reference = try ImageReference(parsing: "packager:1")
        var task = ContainerTask(
            image: ContainerImage(reference, isStored: true) { throw ContainerError(.invalidImage, "not here") },
            command: ["/pack", "/workspace/output"],
            workspace: "/scratch/workspace",
            workingDirectory: "/workspace",
            resultFile: "result.json"
        )
        change(&task)
        var execution = ImageConfiguration.Execution()
        execution.environment = ["A=b"]
        let image = ImageConfiguration(
            platform: .host,
            execution: execution,
            diffIDs: [],
            history: nil,
            created: nil
        )
        return try JSONValue(
            encoding: RuntimeSpecification(
                task,
                identifier: "packager-1",
                image: image,
                as: ImageUser(user, groups: "g:x:5:u"),
                on: machine
            )
        )
    }

    private static let root = RuntimeSpecification.Machine(user: 0, group: 0, setsLimits: true)

    @Test func aContainerHasNoMoreRightsThanItNeeds() throws {
        let document = try specification(Self.root)
        #expect(document["process"]?["args"] == ["/pack", "/workspace/output"])
        #expect(document["process"]?["cwd"] == "/workspace")
        #expect(document["process"]?["env"]?[1] == "A=b")
        #expect(document["process"]?["env"]?[0]?.stringValue?.hasPrefix("PATH=/") == true)
        #expect(document["process"]?["noNewPrivileges"] == true)
        let capabilities = document["process"]?["capabilities"]
        #expect(capabilities?["bounding"]?.arrayValue?.contains("CAP_SYS_ADMIN") == false)
        #expect(capabilities?["bounding"] == capabilities?["effective"])
        #expect(capabilities?["inheritable"] == nil && capabilities?["ambient"] == nil)
        #expect(document["linux"]?["resources"]?["devices"] == [["allow": false, "access": "rwm"]])
        #expect(document["linux"]?["maskedPaths"]?.arrayValue?.contains("/proc/kcore") == true)
        #expect(document["linux"]?["uidMappings"] == nil)
        let mounts = document["mounts"]?.arrayValue ?? []
        #expect(mounts.last?["destination"] == "/workspace" && mounts.last?["source"] == "/scratch/workspace")
        #expect(!mounts.contains { $0["source"] == "/dev" })
        let namespaces = document["linux"]?["namespaces"]?.arrayValue?.compactMap { $0["type"]?.stringValue }
        #expect(namespaces == ["pid", "mount", "ipc", "uts"])
    }

    @Test func limitsAreThoseOfTheTask() throws {
        let resources = try specification(Self.root) {
            $0.limits.memory = 1 << 28
            $0.limits.memoryRequest = 1 << 27
            $0.limits.cpus = 1.5
            $0.limits.cpuRequest = 0.25
        }["linux"]?["resources"]
        #expect(resources?["memory"] == ["limit": 268_435_456, "swap": 268_435_456, "reservation": 134_217_728])
        #expect(resources?["cpu"] == ["quota": 150_000, "period": 100_000, "shares": 256])
        #expect(resources?["pids"] == ["limit": 4096])
        var powerless = Self.root
        powerless.setsLimits = false
        #expect(try specification(powerless)["linux"]?["resources"] == nil)
    }

    /// Whoever is not root lends the container one user and one group.
    @Test func aUserLendsItself() throws {
        let machine = RuntimeSpecification.Machine(user: 1000, group: 1001, setsLimits: false)
        let document = try specification(machine, user: "33:34")
        #expect(document["linux"]?["uidMappings"] == [["containerID": 33, "hostID": 1000, "size": 1]])
        #expect(document["linux"]?["gidMappings"] == [["containerID": 34, "hostID": 1001, "size": 1]])
        #expect(document["linux"]?["namespaces"]?.arrayValue?.contains(["type": "user"]) == true)
        #expect(document["process"]?["user"] == ["uid": 33, "gid": 34])
        #expect(document["linux"]?["cgroupsPath"] == nil)
    }

    @Test func aPrivilegedContainerHasAllRights() throws {
        let document = try specification(Self.root) { $0.isPrivileged = true }
        #expect(document["process"]?["noNewPrivileges"] == false)
        #expect(document["process"]?["capabilities"]?["bounding"]?.arrayValue?.contains("CAP_SYS_ADMIN") == true)
        #expect(document["linux"]?["maskedPaths"] == nil)
        #expect(document["linux"]?["resources"]?["devices"] == [["allow": true, "access": "rwm"]])
    }

    @Test func theNetworkMayBeItsOwn() throws {
        var machine = Self.root
        machine.isolatesNetwork = true
        let namespaces = try specification(machine)["linux"]?["namespaces"]?.arrayValue ?? []
        #expect(namespaces.contains(["type": "network"]))
    }
}

@Suite struct ContainerLimitsTests {
    @Test(
        arguments: [
            (0.0001, 1000), (0.5, 50_000), (2, 200_000), (0, nil), (-1, nil), (1e9, nil), (.infinity, nil), (.nan, nil),
        ] as [(Double, Int64?)]
    )
    func processorsBecomeAShareOfTime(cpus: Double, quota: Int64?) {
        var limits = ContainerLimits()
        limits.cpus = cpus
        #expect(limits.cpuQuota == quota)
    }

    @Test(
        arguments: [(0.001, 2), (0.5, 512), (1, 1024), (1e9, 262_144), (0, nil), (-1, nil)] as [(Double, Int64?)]
    )
    func requestsBecomeAWeight(cpus: Double, shares: Int64?) {
        var limits = ContainerLimits()
        limits.cpuRequest = cpus
        #expect(limits.cpuShares == shares)
    }

    @Test(
        arguments: [
            (["cgroup.controllers": "cpu memory", "cgroup.subtree_control": "cpu memory pids"], true),
            (["cgroup.controllers": "cpu memory", "cgroup.subtree_control": "cpu"], false),
            (["cgroup.controllers": "cpu memory"], false), (["memory": "", "cpu": ""], true), (["memory": ""], false),
            ([:], false),
        ] as [([String: String], Bool)]
    )
    func limitsNeedControlGroups(files: [String: String], areWritable: Bool) async throws {
        try await withTemporaryDirectory(in: "/tmp", prefix: "cgroups") { directory in
            for (name, text) in files { try directory.appending(name).writeAtomically(text.utf8) }
            #expect(ControlGroups.areWritable(below: directory) == areWritable)
        }
    }
}
