import Concurrency
import FileSystem
import FoundationEssentials
import ImageAssembler
import Logging
import OCI

/// Looks for the Python packages of a base image in its layers.
struct BaseEnvironmentFinder: Sendable {
    var cache: CacheDirectory
    /// Bytes of layers that have not been read before; a base with more of them is not looked through.
    var limit: Int64
    /// Where our environment is in the image, absolute.
    var prefix: String

    /// - Parameter wanted: the minor version the base has to have; nil takes what is there.
    /// - Returns: nil where the base cannot be looked through; the log says why.
    /// - Throws: ``PythonEnvironmentError`` `baseWithoutPython` or `pythonVersionMismatch`; what the source throws.
    func environment(of base: BaseImage, wanted: PythonVersion?, _ logger: Logger) async throws -> BaseEnvironment? {
        let reader = BaseLayerReader(cache: cache)
        let layers = Self.layersWithPackages(of: base)
        let unread = layers.filter { !reader.knows($0) }.reduce(Int64(0)) { sum, layer in
            let (total, overflow) = sum.addingReportingOverflow(max(0, layer.size))
            return overflow ? .max : total
        }
        guard unread <= limit else {
            logger.notice(
                "the packages of the base \(base.reference) are not looked for: its layers have \(unread >> 20) MiB, more than \(limit >> 20)"
            )
            return nil
        }
        let read: [BaseLayer]
        do {
            let start = ContinuousClock.now
            read = try await layers.concurrentMap(limit: 4) { try await reader.read($0, of: base.source) }
            if unread > 0 {
                logger.debug("looked through \(layers.count) layers of the base in \(ContinuousClock.now - start)")
            }
        } catch let error as PythonEnvironmentError {
            logger.notice("the packages of the base \(base.reference) are not looked for: \(error)")
            return nil
        }
        let (found, interpreters) = BaseEnvironment.find(
            in: BaseContents(read),
            of: base.configuration,
            wanted: wanted,
            prefix: prefix
        )
        if let found { return found }
        _ = try BaseInterpreterFinder.choose(from: interpreters, base: base, wanted: wanted)
        return nil
    }

    /// The layers that may hold packages worth knowing of: all but those that the official `python` images consist of,
    /// which have pip and nothing else. Their history is inherited by what is made of them.
    static func layersWithPackages(of base: BaseImage) -> [Descriptor] {
        let layers = base.manifest.layers
        let history = (base.configuration.history ?? []).filter { $0.emptyLayer != true }
        guard history.count == layers.count, base.configuration.config?.variable("PYTHON_VERSION") != nil,
            let last = history.lastIndex(where: { $0.createdBy.map(isOfficialStep) ?? false })
        else { return layers }
        return Array(layers[(last + 1)...])
    }

    /// The last steps of docker-library/python: links to the interpreter, and in older images pip.
    private static func isOfficialStep(_ command: String) -> Bool {
        command.contains("pydoc3 python3 python3-config; do") || command.contains("$PYTHON_GET_PIP_URL")
    }
}
