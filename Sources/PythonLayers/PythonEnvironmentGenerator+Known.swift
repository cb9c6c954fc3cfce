package import ImageAssembler
package import JSON
package import Logging

extension PythonEnvironmentGenerator {
    /// Whatever was resolved and prepared before. A base whose packages are to be reused is not looked through, and one
    /// that does not say which Python it has is not searched for it.
    ///
    /// - Throws: ``PythonEnvironmentError``, such as `pythonVersionMismatch`.
    package func knownLayers(
        for parameters: JSONValue,
        on base: BaseImage,
        maximumLayers: Int,
        logger: Logger
    ) async throws -> KnownLayers? {
        let environment = try PythonEnvironment(parameters: parameters)
        guard !environment.reusesBase, let declared = BaseInterpreter.declared(in: base.configuration) else {
            return nil
        }
        let interpreter = try BaseInterpreterFinder.choose(from: [declared], base: base, wanted: environment.version)
        let python = interpreter.version
        let first = plan(VirtualEnvironment(prefix: settings.prefix, interpreter: interpreter, seesSystem: false))
        if environment.requirements.isEmpty { return KnownLayers(packages: [], plans: [first]) }
        let locker = try await locker(of: environment, for: python, on: base, logger)
        guard let lock = try await locker.knownLock() else { return nil }
        var known = KnownLayers(
            packages: lock.packages.map { LockedPackage(name: $0.name, version: $0.version) },
            plans: nil
        )
        let chooser = WheelChooser(
            python: python,
            platform: locker.platform,
            resolver: locker.resolver,
            store: store
        )
        guard maximumLayers >= 2, let wheels = chooser.knownWheels(for: lock) else { return known }
        let record = PreparedWheels.record(of: wheels, python: python, prefix: settings.prefix, in: cache)
        guard let prepared = PreparedWheels.known(at: record) else { return known }
        known.plans =
            try await [first] + plans(of: wheels, prepared, python: python, maximum: maximumLayers - 1, logger)
        return known
    }
}
