import Archive
import ArgumentParser
import CondaLayers
import DockerEngine
import FileSystem
import Foundation
import ImageAssembler
import PackagerCore
import PythonLayers
import SystemPackage

/// How images are built, by the commands that build and by the server.
struct BuildOptions: ParsableArguments {
    @Option(name: .long, help: Setting.compression.help)
    var compression: CompressionMode?

    @Option(name: .long, help: Setting.bytecode.help)
    var bytecode: PythonEnvironmentGenerator.Settings.ByteCode?

    @Option(name: .long, help: Setting.indexURL.help)
    var indexURL: String?

    @Option(name: .long, help: Setting.extraIndexURL.help)
    var extraIndexURL: [String] = []

    @Option(name: .long, help: Setting.condaChannel.help)
    var condaChannel: [String] = []

    @Option(name: .long, help: Setting.condaSolver.help)
    var condaSolver: String?

    @Option(name: .long, help: Setting.maxEntries.help)
    var maxEntries: Int?

    @Option(name: .long, help: Setting.maxBytes.help)
    var maxBytes: Int64?

    @Option(name: .long, help: Setting.dockerHost.help)
    var dockerHost: String?

    @Option(name: .long, help: Setting.dockerNetwork.help)
    var dockerNetwork: String?

    @Flag(name: .long, help: "Resolve the environment anew, whatever is cached.")
    var refresh = false
}

extension BuildOptions {
    /// The assembler's settings; `SOURCE_DATE_EPOCH` sets the time of files and image.
    var assemblerOptions: ImageAssembler.Options {
        get throws {
            var options = ImageAssembler.Options()
            options.compression = try compression ?? Setting.compression.parsed() ?? options.compression
            if let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty {
                guard let epoch = Int64(text), epoch >= 0 else {
                    throw ValidationError("SOURCE_DATE_EPOCH is \"\(text)\"; it is a number of seconds since 1970")
                }
                options.created = epoch
            }
            return options
        }
    }

    /// What an artifact may hold.
    var artifactLimits: ArchiveLimits {
        get throws {
            var limits = ArchiveLimits()
            limits.maximumEntries = try maxEntries ?? Setting.maxEntries.parsed() ?? limits.maximumEntries
            limits.maximumBytes = try maxBytes ?? Setting.maxBytes.parsed() ?? limits.maximumBytes
            guard limits.maximumEntries > 0, limits.maximumBytes > 0 else {
                throw ValidationError("--max-entries and --max-bytes are numbers above zero")
            }
            return limits
        }
    }

    /// The engine that was named.
    var engineAddress: EngineAddress? {
        get throws {
            guard let text = dockerHost ?? Setting.dockerHost.value else { return nil }
            do {
                return try EngineAddress(text)
            } catch let error as EngineError {
                throw ValidationError("\(error)")
            }
        }
    }

    /// The engine that a command of the user's own would ask.
    var usersEngineAddress: EngineAddress {
        get throws {
            if let named = try engineAddress { return named }
            let text = ProcessInfo.processInfo.environment["DOCKER_HOST"] ?? ""
            return text.isEmpty ? .default : try EngineAddress(text)
        }
    }

    /// Whether an engine was named, or listens where Docker's own does.
    var namesEngine: Bool {
        get throws {
            let environment = ProcessInfo.processInfo.environment["DOCKER_HOST"] ?? ""
            return try engineAddress != nil || !environment.isEmpty || FilePath("/var/run/docker.sock").exists
        }
    }

    var engineNetwork: String? { dockerNetwork ?? Setting.dockerNetwork.value }

    func environmentSettings(in directory: StateDirectory) throws -> PythonEnvironmentGenerator.Settings {
        var settings = PythonEnvironmentGenerator.Settings(cacheDirectory: directory.cache)
        settings.byteCode = try bytecode ?? Setting.bytecode.parsed() ?? .auto
        settings.indexes = PackageIndexes(
            indexURL: indexURL ?? Setting.indexURL.value,
            extraIndexURLs: extraIndexURL.isEmpty ? Setting.extraIndexURL.values : extraIndexURL
        )
        settings.refresh = refresh
        return settings
    }
}

extension BuildOptions {
    var condaSettings: CondaEnvironmentGenerator.Settings {
        var settings = CondaEnvironmentGenerator.Settings()
        settings.channels.replacements =
            condaChannel.isEmpty ? Setting.condaChannel.values : condaChannel
        settings.solver = condaSolver ?? Setting.condaSolver.value
        return settings
    }
}

extension CompressionMode: ExpressibleByArgument {}
extension PythonEnvironmentGenerator.Settings.ByteCode: ExpressibleByArgument {}
