import FileSystem
import FoundationEssentials
import Glibc
import PythonLayers
import SystemPackage

/// One package on its way from an unpacked archive to files below a prefix.
struct PackageInstallation {
    let package: CondaLock.Package
    let paths: PackagePaths
    /// The unpacked archive; files in it are changed in place.
    let root: FilePath
    let prefix: String
    let python: PythonVersion

    private var entries: [String: InstalledPackage.Entry] = [:]
    private var distributions: [String: String] = [:]
    private var scripts: [String] = []
    private var records: [CondaRecord.File] = []

    init(of package: CondaLock.Package, paths: PackagePaths, root: FilePath, prefix: String, python: PythonVersion) {
        self.package = package
        self.paths = paths
        self.root = root
        self.prefix = prefix
        self.python = python
    }

    mutating func run(_ flag: CancellationFlag) throws -> InstalledPackage {
        for file in paths.files where !file.path.hasPrefix("info/") {
            try flag.check()
            try install(file, flag)
        }
        for line in paths.entryPoints { try install(entryPoint: line) }
        let record = CondaRecord(package: package, index: paths.index, files: records)
        try add(.init(path: "conda-meta/\(package.distribution).json", text: record.text))
        let sources = entries.keys.filter { $0.hasSuffix(".py") && $0.contains("/site-packages/") }
        return InstalledPackage(
            entries: entries.values.sorted { $0.path < $1.path },
            distributions: distributions,
            scripts: scripts.sorted(),
            hasModules: paths.isPythonWithoutArchitecture && !sources.isEmpty
        )
    }

    private mutating func install(_ file: PackagePaths.File, _ flag: CancellationFlag) throws {
        let components = file.path.split(separator: "/", omittingEmptySubsequences: false)
        guard !components.contains(where: { ["", ".", ".."].contains($0) }), !file.path.utf8.contains(0) else {
            throw refuse(file.path, "leaves the environment")
        }
        let source = root.appending(file.path)
        let target = target(of: file.path)
        try checkParents(of: file.path)
        guard let identity = try? FileIdentity(of: source, followingLinks: false) else {
            throw refuse(file.path, "is not in the package")
        }
        var entry = InstalledPackage.Entry(path: target)
        switch file.kind {
        case .directory: break
        case .link:
            guard identity.isSymbolicLink else { throw refuse(file.path, "is no link as its list says") }
            entry.target = try link(source, from: target)
        case .file where identity.isSymbolicLink: entry.target = try link(source, from: target)
        case .file:
            guard identity.isRegularFile else { throw refuse(file.path, "is no file as its list says") }
            guard file.size == nil || file.size == identity.size else {
                throw refuse(file.path, "has \(identity.size) bytes instead of the \(file.size ?? 0) in its list")
            }
            if file.placeholder != nil { try relocate(source, file, flag) }
            if file.path.hasSuffix(".pyc") { try ByteCodeHeader.uncheck(source, in: root, modulePath: file.path) }
            entry.source = file.path
            entry.size = try FileIdentity(of: source, followingLinks: false).size
            entry.isExecutable = identity.isExecutable || target.hasPrefix("bin/")
        }
        try add(entry)
        note(target, file)
    }

    private func checkParents(of path: String) throws {
        var parent = root
        for component in path.split(separator: "/").dropLast() {
            parent.append(String(component))
            guard let identity = try? FileIdentity(of: parent, followingLinks: false), identity.isDirectory else {
                throw refuse(path, "is not in the package, or lies behind a link")
            }
        }
    }

    private mutating func note(_ target: String, _ file: PackagePaths.File) {
        records.append(CondaRecord.File(path: target, original: file))
        let components = target.split(separator: "/").map(String.init)
        if components.count == 2, components[0] == "bin", components[1].hasPrefix("."),
            components[1].hasSuffix("-post-link.sh")
        {
            scripts.append(target)
        }
        if target.hasPrefix("etc/conda/activate.d/") { scripts.append(target) }
        let site = python.sitePackages.split(separator: "/").map(String.init)
        guard components.count > site.count, components.starts(with: site),
            let distribution = InstalledDistribution(directory: components[site.count])
        else { return }
        distributions[distribution.name] = distribution.version
    }

    private mutating func add(_ entry: InstalledPackage.Entry) throws {
        guard entries.updateValue(entry, forKey: entry.path) == nil || entry.source == nil else {
            throw refuse(entry.path, "is in it twice")
        }
    }

    /// Where a file of the archive goes.
    private func target(of path: String) -> String {
        guard paths.isPythonWithoutArchitecture else { return path }
        if path.hasPrefix("site-packages/") { return "\(python.sitePackages)/\(path.dropFirst(14))" }
        if path.hasPrefix("python-scripts/") { return "bin/\(path.dropFirst(15))" }
        return path
    }

    /// A link's target, which has to stay below the prefix.
    private func link(_ source: FilePath, from path: String) throws -> String {
        let target = try source.linkTarget()
        var place = path.split(separator: "/").dropLast().map(String.init)
        guard !target.isEmpty, !target.hasPrefix("/") else { throw refuse(path, "is a link to \"\(target)\"") }
        for component in target.split(separator: "/") where component != "." {
            if component != ".." {
                place.append(String(component))
            } else if place.popLast() == nil {
                throw refuse(path, "is a link to \"\(target)\", out of the environment")
            }
        }
        return target
    }

    private func relocate(_ source: FilePath, _ file: PackagePaths.File, _ flag: CancellationFlag) throws {
        guard let placeholder = file.placeholder else { return }
        var replacement = try PrefixReplacement(
            placeholder,
            by: prefix,
            in: file.mode,
            of: "\(package.name): \(file.path)"
        )
        try rewriting(source) { output in
            func write(_ bytes: UnsafeRawBufferPointer) throws {
                try naming("write", source) { _ = try output.writeAll(bytes) }
            }
            try FileHash.forEachBlock(of: source, flag: flag) { try replacement.feed($0, write) }
            try replacement.finish(write)
        }
    }

    private mutating func install(entryPoint line: String) throws {
        do {
            guard let command = try EntryPoints(text: "[console_scripts]\n\(line)").commands.first else {
                throw PackagePaths.invalid("\(package.fileName) has the entry point \"\(line)\"")
            }
            let script = command.script(interpreter: "\(prefix)/bin/python")
            let path = "bin/\(command.name)"
            entries[path] = InstalledPackage.Entry(path: path, isExecutable: true, text: script)
            records.append(CondaRecord.File(path: path, original: nil))
        } catch let error as PythonEnvironmentError {
            throw PackagePaths.invalid("\(package.fileName): \(error)")
        }
    }

    private func refuse(_ path: String, _ reason: String) -> CondaError {
        PackagePaths.invalid("the package \(package.fileName) cannot be installed: \(path) \(reason)")
    }
}

/// Writes another file in place of one: other names of the old one keep its content.
func rewriting(_ path: FilePath, _ body: (FileDescriptor) throws -> Void) throws {
    let temporary = path.removingLastComponent().appending(".rewritten-\(UInt64.random(in: 0 ... .max))")
    let file = try naming("write", temporary) {
        try FileDescriptor.open(
            temporary,
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
    }
    try file.closeAfter { try body(file) }
    try temporary.rename(to: path)
}

extension FilePath {
    /// Where a symbolic link points.
    func linkTarget() throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = withPlatformString { readlink($0, &buffer, buffer.count) }
        guard count >= 0 else { throw FileSystemError.last("read the link", self) }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
