import FileSystem
import FoundationEssentials
import PythonLayers
import SystemPackage

extension CondaSolver {
    /// The variable that names the program.
    static let variable = "PACKAGER_CONDA_SOLVER"

    /// Finds a solver: the one that is named, else micromamba or mamba on the `PATH`, else a `python3` with py-rattler,
    /// else py-rattler as uv gets it from PyPI.
    ///
    /// - Parameters:
    ///   - named: a path of micromamba, mamba or a Python; `rattler` for py-rattler through uv; `none`.
    ///   - uv: starts uv; nil where there is none.
    ///   - packages: those that have no counterpart on PyPI.
    /// - Throws: ``CondaError`` `solverMissing`, which says what is missing and how to go without.
    static func find(named: String?, uv: PackageResolver?, for packages: [String]) async throws -> CondaSolver {
        var tried: [String] = []
        func python(_ command: [String]) async throws -> CondaSolver? {
            let program = "import importlib.metadata as m, rattler; print(m.version('py-rattler'))"
            guard let answer = try await output(command + ["-c", program]) else { return nil }
            return CondaSolver(tool: .rattler(command), version: "rattler \(answer)")
        }
        func mamba(_ path: String) async throws -> CondaSolver? {
            guard let answer = try await output([path, "--version"]) else { return nil }
            return CondaSolver(tool: .mamba(path), version: "mamba \(answer)")
        }
        if let named, named != "rattler" {
            if named != "none" {
                let isPython = FilePath(named).lastComponent?.string.hasPrefix("python") == true
                if let found = try await isPython ? python([named]) : mamba(named) { return found }
                tried.append("\(named) is \(isPython ? "no Python with py-rattler" : "neither micromamba nor mamba")")
            }
        } else {
            if named == nil {
                for program in ["micromamba", "mamba"] {
                    if let found = try await mamba(program) { return found }
                }
                if let found = try await python(["python3"]) { return found }
            }
            if let uv {
                if let found = try await python(uv.runCommand(with: "py-rattler==\(rattlerVersion)")) { return found }
                tried.append("uv cannot get py-rattler \(rattlerVersion)")
            }
        }
        throw missing(packages, tried)
    }

    private static func missing(_ packages: [String], _ tried: [String]) -> CondaError {
        let wanted =
            packages.isEmpty
            ? "Conda's packages are asked for"
            : "the Conda package\(packages.count == 1 ? "" : "s") \(packages.joined(separator: ", ")) "
                + "\(packages.count == 1 ? "has" : "have") no known counterpart on PyPI"
        let reasons = tried.isEmpty ? "" : " (\(tried.joined(separator: "; ")))"
        return CondaError(
            .solverMissing,
            "\(wanted), and nothing here can solve a Conda environment\(reasons): install micromamba, or uv with access "
                + "to PyPI, or name one or a Python with py-rattler in \(variable); or go without Conda: list under pip "
                + "what the model needs, with PyPI's names, and remove the rest"
        )
    }

    /// The first line that a program prints; nil where it is not there or fails.
    private static func output(_ command: [String]) async throws -> String? {
        do {
            let result = try await Command.run(command)
            guard result.succeeded else { return nil }
            return result.output.split(whereSeparator: \.isWhitespace).last.map(String.init)
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }
}
