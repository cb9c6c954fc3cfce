import FileSystem
import FoundationEssentials
package import ImageAssembler
import JSON
package import Logging
package import OCI
import Subprocess
package import SystemPackage

/// A base image with Python, made of a Debian release's packages by `mmdebstrap`: no registry, no daemon.
package struct DebianBase: Sendable {
    /// The release's name: "bookworm".
    package var suite: String
    /// Packages besides the essential ones and Python.
    package var packages: [String]
    /// What is copied into it, a layer each, in this order.
    package var copies: [HostCopy]
    /// Variables of its configuration, over its own; of two of one name the last counts.
    package var variables: [ImageVariable]
    /// In place of the host's own mirror.
    package var mirror: String?
    package var platform: Platform
    /// `SOURCE_DATE_EPOCH`: the latest time that a file has, in seconds since 1970.
    package var created: Int64

    package init(
        suite: String,
        packages: [String] = [],
        copies: [HostCopy] = [],
        variables: [ImageVariable] = [],
        mirror: String? = nil,
        platform: Platform = .host,
        created: Int64 = 0
    ) {
        self.suite = suite
        self.packages = packages
        self.copies = copies
        self.variables = variables
        self.mirror = mirror
        self.platform = platform
        self.created = created
    }

    /// Makes the image and gives it a name in the store.
    ///
    /// - Parameter work: a directory for scratch space.
    /// - Throws: ``BaseError``; the store then has no new name.
    package func create(_ reference: ImageReference, in store: OCILayout, work: FilePath, logger: Logger) async throws
        -> StoredManifest
    {
        guard Self.isPlainName(suite), packages.allSatisfy(Self.isPlainName) else {
            throw BaseError(.invalidName, "suites and packages are names of letters, digits, \"+\", \"-\" and \".\"")
        }
        return try await withTemporaryDirectory(in: work, prefix: "base") { scratch in
            let tar = scratch.appending("root.tar")
            let status = scratch.appending("status")
            logger.info("making a \(suite) root with mmdebstrap; this takes some twenty seconds")
            try await bootstrap(into: tar, status: status)
            let packages = try DebianPackages(status: status.readAll())
            let python = try packages.python(of: suite)
            let writer = LayerWriter(store: store, modified: created)
            let root = try await writer.write(tar: tar, name: "Debian \(suite), Python \(python.version)")
            logger.info(
                "Python \(python.version), glibc \(packages.glibc ?? "unknown"), \(root.descriptor.size) bytes"
            )
            var layers = [root]
            for copy in copies {
                let layer = try await writer.write(copyOf: copy.source, as: copy.target, name: "copy /\(copy.target)")
                logger.info("/\(copy.target) is \(copy.source), \(layer.descriptor.size) bytes")
                layers.append(layer)
            }
            return try await image(of: layers, python: python, glibc: packages.glibc, as: reference, in: store)
        }
    }

    private func image(
        of layers: [Layer],
        python: DebianPackages.Python,
        glibc: String?,
        as reference: ImageReference,
        in store: OCILayout
    ) async throws -> StoredManifest {
        var execution = ImageConfiguration.Execution()
        execution.environment = environment(python: python)
        execution.command = ["python3"]
        execution.labels = ["io.packager.python": python.interpreter, "io.packager.suite": suite]
        if let glibc { execution.labels?["io.packager.glibc"] = glibc }
        let created = Date(timeIntervalSince1970: Double(created)).formatted(.iso8601)
        let configuration = ImageConfiguration(
            platform: platform,
            execution: execution,
            diffIDs: layers.map(\.diffID),
            history: layers.map { .init(created: created, createdBy: "packager: \($0.name)") },
            created: created
        )
        let bytes = Array(try CanonicalJSON.encode(configuration))
        let descriptor = Descriptor(mediaType: .ociConfiguration, digest: .sha256(of: bytes), size: Int64(bytes.count))
        let manifest = StoredManifest(
            mediaType: .ociManifest,
            bytes: try CanonicalJSON.encode(ImageManifest(config: descriptor, layers: layers.map(\.descriptor)))
        )
        let repository = store.repository(reference)
        try await repository.put(descriptor, .bytes(bytes))
        try await repository.put(manifest, tag: reference.tag ?? "latest")
        return manifest
    }

    /// Its own variables first, in their order, then the others by name.
    private func environment(python: DebianPackages.Python) -> [String] {
        let own = [
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), ("LANG", "C.UTF-8"),
            ("PYTHON_VERSION", python.version),
        ]
        var given: [String: String] = [:]
        for variable in variables { given[variable.name] = variable.value }
        let first = own.map { name, value in "\(name)=\(given.removeValue(forKey: name) ?? value)" }
        return first + given.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    /// Python, and the libraries that wheels expect of the system: the C++ runtime by the manylinux policy (PEP 600),
    /// OpenMP's by the habit of XGBoost and LightGBM.
    private static let basePackages = ["python3", "ca-certificates", "libstdc++6", "libgomp1"]

    /// Runs `mmdebstrap`; the root goes into a tar, the list of its packages into a file.
    private func bootstrap(into tar: FilePath, status: FilePath) async throws {
        let include = Self.basePackages + packages
        var arguments = [
            "--quiet", "--variant=essential", "--format=tar", "--include=\(include.joined(separator: ","))",
            "--architectures=\(platform.architecture)",
            "--customize-hook=download /var/lib/dpkg/status \(status)",
            // The files that Python wrote while it was installed carry the time of that.
            "--customize-hook=find \"$1/usr/lib\" -name '*.pyc' -delete",
            "--customize-hook=chroot \"$1\" python3 -m compileall -q -j0 --invalidation-mode unchecked-hash /usr/lib/python3",
            "--customize-hook=for d in \"$1\"/usr/lib/python3.*; do "
                + "chroot \"$1\" python3 -m compileall -q -j0 --invalidation-mode unchecked-hash \"${d#\"$1\"}\"; done",
            "--customize-hook=rm -rf \"$1\"/var/cache/ldconfig \"$1\"/var/log/* \"$1\"/var/lib/apt/lists/*",
        ]
        arguments += ["man", "doc", "locale", "info", "lintian"].map { "--dpkgopt=path-exclude=/usr/share/\($0)/*" }
        arguments += ["--dpkgopt=path-include=/usr/share/doc/*/copyright", suite, tar.string]
        if let mirror { arguments.append(mirror) }
        do {
            let result = try await run(
                .name("mmdebstrap"),
                arguments: Arguments(arguments),
                environment: .inherit.updating(["SOURCE_DATE_EPOCH": "\(created)", "LC_ALL": "C.UTF-8"]),
                output: .discarded,
                error: .string(limit: 1 << 20)
            )
            guard result.terminationStatus.isSuccess else {
                throw BaseError(.failed, "mmdebstrap cannot make a \(suite) root: \(Self.reason(result.standardError))")
            }
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw BaseError(.noTool, "there is no mmdebstrap here; install it with: apt-get install mmdebstrap")
        }
    }

    /// The lines in which mmdebstrap and apt say what went wrong.
    private static func reason(_ output: String) -> String {
        let lines = output.split(separator: "\n").filter { $0.hasPrefix("E:") || $0.hasPrefix("W:") }
        return lines.isEmpty ? String(output.suffix(300)) : lines.suffix(3).joined(separator: " ")
    }

    private static func isPlainName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x30...0x39).contains(first) || (0x61...0x7a).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || "+-.".utf8.contains($0)
        }
    }
}
