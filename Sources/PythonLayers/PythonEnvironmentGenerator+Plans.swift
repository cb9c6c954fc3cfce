import Concurrency
import ImageAssembler

extension PythonEnvironmentGenerator {
    func plan(_ environment: VirtualEnvironment) -> LayerPlan {
        let interpreter = environment.interpreter
        return LayerPlan(
            name: "Python \(interpreter.version) environment",
            key: "python-environment:"
                + contentKey(
                    ["1", environment.prefix, interpreter.path, "\(interpreter.version)"]
                        + (environment.seesSystem ? ["system"] : [])
                )
        ) {
            environment.entries
        }
    }

    /// A layer that takes packages of the base's environment away; none where nothing is to be taken.
    func plans(removing share: BaseShare) -> [LayerPlan] {
        guard !share.removed.isEmpty else { return [] }
        let entries = share.removed.map { LayerEntry(path: $0, kind: .removed) }
        return [
            LayerPlan(
                name: "removal of \(share.removedPackages.joined(separator: ", "))",
                key: "removal:" + contentKey(["1"] + share.removed)
            ) {
                entries
            }
        ]
    }

    /// The group's files, and its byte code where there is a compiler.
    func plans(
        for group: WheelGroup,
        _ python: PythonVersion,
        _ store: WheelStore,
        compiler: ByteCodeCompiler?
    ) -> [LayerPlan] {
        let prefix = settings.prefix
        let key = group.key(python: python, prefix: prefix)
        let files: @Sendable () async throws -> [WheelInstallation] = {
            try await group.wheels.concurrentMap(limit: 4) { wheel in
                try await store.installation(of: wheel, python: python, prefix: prefix)
            }
        }
        var plans = [
            LayerPlan(name: group.name, key: key) {
                unique(try await files().flatMap { $0.entries(prefix: prefix) }, by: \.path)
            }
        ]
        if let compiler {
            let interpreter = compiler.interpreter
            let compiled = contentKey(["byte code 2", interpreter.release, interpreter.magic, key])
            plans.append(
                LayerPlan(name: "byte code of \(group.name)", key: "python-bytecode:" + compiled) {
                    try await compiler.entries(for: unique(files().flatMap(\.files), by: \.path), key: compiled)
                }
            )
        }
        return plans
    }
}

/// The first of all elements with the same key, in their order: wheels may share a file.
private func unique<Element>(_ elements: [Element], by key: (Element) -> String) -> [Element] {
    var seen: Set<String> = []
    return elements.filter { seen.insert(key($0)).inserted }
}
