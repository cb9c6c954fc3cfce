import FileSystem
import FoundationEssentials
import Glibc
import ImageAssembler
import JSON
import OCI
package import SystemPackage

/// Runs containers with `crun` or `runc`, without an engine: an image's layers are unpacked for each of them, and the
/// workspace is mounted. They use the machine's network.
package struct NativeRuntime: ContainerRuntime {
    private let program: RuntimeProgram
    private let isolatesNetwork: Bool
    private let work: FilePath

    /// - Parameters:
    ///   - network: `none` for containers without one.
    ///   - work: a directory for scratch space, which only this installation uses.
    package init(_ program: RuntimeProgram, network: String?, work: FilePath) {
        self.program = program
        isolatesNetwork = network == "none"
        self.work = work.absolute
    }

    package func run(
        _ task: ContainerTask,
        report: @escaping @Sendable (ContainerReport) -> Void
    ) async throws -> ContainerOutcome {
        try checkLimits(task.limits)
        try await removeLeftovers(of: task.owner, report)
        let identifier = Self.identifier(of: task.owner)
        let bundle = work.appending(identifier)
        try bundle.createDirectories(mode: .ownerReadWriteExecute)
        do {
            let outcome = try await run(task, as: identifier, in: bundle, report)
            try await blocking { try bundle.removeTree() }
            return outcome
        } catch {
            try? await blocking { try bundle.removeTree() }
            throw error
        }
    }

    private func run(
        _ task: ContainerTask,
        as identifier: String,
        in bundle: FilePath,
        _ report: @escaping @Sendable (ContainerReport) -> Void
    ) async throws -> ContainerOutcome {
        let machine = machine
        if !machine.setsLimits {
            report(
                .warning(
                    """
                    the limits of processors and memory are not applied: user \(machine.user) cannot write the control groups of \
                    this machine
                    """
                )
            )
        }
        let image = try await task.image.resolve()
        let root = bundle.appending("rootfs")
        try root.createDirectories()
        let rootfs = RootFileSystem(root, keepsOwners: machine.isRoot)
        try await rootfs.unpack(image, scratch: bundle)
        report(.progress("unpacked \(image.manifest.layers.count) layers of \(task.image.reference)"))
        let user = try await blocking {
            try ImageUser(
                image.configuration.config?.user ?? "",
                users: rootfs.text("/etc/passwd") ?? "",
                groups: rootfs.text("/etc/group") ?? ""
            )
        }
        let specification = RuntimeSpecification(
            task,
            identifier: identifier,
            image: image.configuration,
            as: user,
            on: machine
        )
        try bundle.appending("config.json").writeAtomically(CanonicalJSON.encode(specification))
        if machine.isRoot, user != .root {
            try await blocking { try task.workspace.setOwner(user.user, user.group) }
        }
        report(.progress("\(program.path) runs \(task.image.reference) as container \(identifier)"))
        let code = try await execute(identifier, bundle) { report(.output($0)) }
        return ContainerOutcome(exitCode: code, result: try result(of: task))
    }

    /// Runs the container; however that ends, nothing of it runs on.
    private func execute(
        _ identifier: String,
        _ bundle: FilePath,
        _ report: @escaping @Sendable (String) -> Void
    ) async throws -> Int {
        let (program, state) = (program, state)
        let ended = CancellationFlag()
        let running = Task { () async throws -> Int in
            defer { ended.raise() }
            return try await program.run(
                identifier,
                bundle: bundle,
                state: state,
                report: report
            )
        }
        let outcome = await withTaskCancellationHandler {
            await running.result
        } onCancel: {
            // Again and again: the container may just be coming into being.
            Task {
                while (try? ended.check()) != nil {
                    try? await program.remove(identifier, state: state)
                    try? await Task.sleep(for: .milliseconds(100))
                }
            }
        }
        // Where the program was ended, and not the container.
        if case .failure = outcome { await Task { try? await program.remove(identifier, state: state) }.value }
        try Task.checkCancellation()
        return try outcome.get()
    }

    private func result(of task: ContainerTask) throws -> [UInt8]? {
        let path = task.workspace.appending(task.resultFile)
        guard let identity = try? FileIdentity(of: path, followingLinks: false) else { return nil }
        func invalid(_ reason: String) -> ContainerError {
            ContainerError(.invalidFile, "\(task.workingDirectory)/\(task.resultFile) of the container \(reason)")
        }
        // A link would lead to a file of this machine's.
        guard identity.isRegularFile else { throw invalid("is no file") }
        guard identity.size <= ContainerTask.resultLimit else {
            throw invalid("has more than \(ContainerTask.resultLimit) bytes")
        }
        return try path.readAll(limit: ContainerTask.resultLimit)
    }

    private func checkLimits(_ limits: ContainerLimits) throws {
        guard limits.gpus == 0 else {
            throw ContainerError(
                .unsupported,
                "\(program.name) gives containers no GPUs; leave limits.gpu out, or use Docker"
            )
        }
    }
}

extension NativeRuntime {
    private var state: FilePath { work.appending("state") }

    private var machine: RuntimeSpecification.Machine {
        RuntimeSpecification.Machine(
            user: geteuid(),
            group: getegid(),
            setsLimits: geteuid() == 0 && ControlGroups.areWritable(),
            isolatesNetwork: isolatesNetwork,
            sharedFiles: ["/etc/resolv.conf", "/etc/hosts"].filter { FilePath($0).exists }
        )
    }

    /// No owner's name has a dot in it, so that one is not the beginning of another.
    private static func identifier(of owner: String?) -> String {
        "packager-\(owner ?? "").\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    }

    /// Of a server that was killed.
    private func removeLeftovers(of owner: String?, _ report: (ContainerReport) -> Void) async throws {
        try work.createDirectories(mode: .ownerReadWriteExecute)
        try state.createDirectories(mode: .ownerReadWriteExecute)
        guard let owner else { return }
        let names = try Set((work.entries() + state.entries()).map(\.string))
        for name in names.sorted() where name.hasPrefix("packager-\(owner).") {
            try await program.remove(name, state: state)
            try await blocking { [work] in try work.appending(name).removeTree() }
            report(.progress("removed the container \(name) of an attempt that was broken off"))
        }
    }
}

extension FilePath {
    /// Gives what is at this path, and below it, to a user. Links are not followed.
    fileprivate func setOwner(_ user: UInt32, _ group: UInt32) throws {
        guard withPlatformString({ lchown($0, user, group) }) == 0 else {
            throw FileSystemError.last("set the owner of", self)
        }
        guard try FileIdentity(of: self, followingLinks: false).isDirectory else { return }
        for name in try entries() { try appending(name).setOwner(user, group) }
    }
}
