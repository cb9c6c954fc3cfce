import Archive
import FileSystem
import ImageAssembler
import SystemPackage

/// Where a wheel's files go in an environment. Source: the binary distribution format, "Installing a wheel".
struct WheelInstallation: Sendable {
    struct File: Sendable, Hashable {
        /// From the environment's root, such as `lib/python3.11/site-packages/numpy/__init__.py`.
        var path: String
        var content: LayerEntry.Kind
        /// As in `RECORD`; what tells two files apart.
        var hash: String
        var size: Int64
    }

    var wheel: WheelFileName
    /// Sorted by path.
    var files: [File]

    /// - Parameter prefix: the environment's root in the image, absolute.
    init(of wheel: UnpackedWheel, python: PythonVersion, prefix: String) throws {
        self.wheel = wheel.name
        var layout = Layout(wheel: wheel, python: python, interpreter: "\(prefix)/bin/python3")
        let recorded = Dictionary(wheel.record.rows.map { ($0.path, $0.hash) }) { first, _ in first }
        for member in wheel.files where !layout.isReplaced(member.path) {
            try layout.add(member.path, size: member.size, executable: member.isExecutable, hash: recorded[member.path])
        }
        if wheel.holds("entry_points.txt") {
            for command in try EntryPoints(text: wheel.text("entry_points.txt")).commands {
                let script = command.script(interpreter: layout.interpreter)
                layout.add("bin/\(command.name)", Array(script.utf8), executable: true)
            }
        }
        let information = "\(python.sitePackages)/\(wheel.information)"
        layout.add("\(information)/INSTALLER", Array("packager\n".utf8), executable: false)
        let rows =
            layout.files.values.map { file in
                WheelRecord.Row(path: layout.recordPath(file.path), hash: file.hash, size: file.size)
            } + [WheelRecord.Row(path: "\(wheel.information)/RECORD", hash: "", size: nil)]
        layout.add("\(information)/RECORD", Array(WheelRecord(rows: rows).text.utf8), executable: false)
        files = layout.files.values.sorted { $0.path < $1.path }
    }

    /// The entries of a layer, below `prefix`.
    func entries(prefix: String) -> [LayerEntry] {
        let root = prefix.drop { $0 == "/" }
        return files.map { LayerEntry(path: "\(root)/\($0.path)", kind: $0.content) }
    }
}

private struct Layout {
    var wheel: UnpackedWheel
    var python: PythonVersion
    /// The environment's interpreter in the image.
    var interpreter: String
    var files: [String: WheelInstallation.File] = [:]

    /// Files of which an installation makes its own, or that are no longer true in one.
    private let replaced: Set<String>
    private let data: String
    private let packages: String

    init(wheel: UnpackedWheel, python: PythonVersion, interpreter: String) {
        self.wheel = wheel
        self.python = python
        self.interpreter = interpreter
        data = wheel.data + "/"
        packages = python.sitePackages + "/"
        replaced = Set(
            ["RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json"]
                .map { "\(wheel.information)/\($0)" }
        )
    }

    func isReplaced(_ path: String) -> Bool { replaced.contains(path) }

    mutating func add(_ member: String, size: Int64, executable: Bool, hash: String?) throws {
        let source = wheel.root.appending(member)
        guard member.hasPrefix(data) else {
            try add(packages + member, source, size: size, executable: executable, hash: hash)
            return
        }
        let parts = member.split(separator: "/", maxSplits: 2).map(String.init)
        guard parts.count == 3, let directory = directory(for: parts[1]) else {
            throw PythonEnvironmentError(
                .invalidWheel,
                "the wheel \(wheel.name.text) cannot be installed: it has \(member), and no installation has a place "
                    + "for that"
            )
        }
        let target = directory.isEmpty ? parts[2] : "\(directory)/\(parts[2])"
        let isScript = parts[1] == "scripts"
        if isScript, let script = try rewritten(source, size: size) {
            add(target, script, executable: true)
        } else {
            try add(target, source, size: size, executable: executable || isScript, hash: hash)
        }
    }

    private mutating func add(_ path: String, _ source: FilePath, size: Int64, executable: Bool, hash: String?) throws {
        let known = hash.flatMap { $0.isEmpty ? nil : $0 }
        files[path] = WheelInstallation.File(
            path: path,
            content: .file(source, size: size, executable: executable),
            hash: try known
                ?? WheelRecord.hashField("sha256", FileHash.digest(of: source, flag: CancellationFlag()).bytes),
            size: size
        )
    }

    mutating func add(_ path: String, _ bytes: [UInt8], executable: Bool) {
        let row = WheelRecord.row(path, bytes)
        files[path] = WheelInstallation.File(
            path: path,
            content: .bytes(bytes, executable: executable),
            hash: row.hash,
            size: Int64(bytes.count)
        )
    }

    /// The directory of a key below `.data`, from the environment's root.
    private func directory(for key: String) -> String? {
        switch key {
        case "purelib", "platlib": python.sitePackages
        case "scripts": "bin"
        case "data": ""
        case "headers": "include/site/python\(python)/\(wheel.name.distribution)"
        default: nil
        }
    }

    /// A script with `#!python` turned into the environment's interpreter; nil when it begins otherwise.
    private func rewritten(_ source: FilePath, size: Int64) throws -> [UInt8]? {
        guard size <= 16 << 20 else { return nil }
        let bytes = try source.readAll()
        let line = bytes.prefix { $0 != 10 }
        guard line.starts(with: "#!python".utf8) else { return nil }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 1)
        let options = words.count > 1 ? " \(words[1].trimmed)" : ""
        return Array("#!\(interpreter)\(options)".utf8) + bytes[line.endIndex...]
    }

    /// A path in `RECORD`: from `site-packages`.
    func recordPath(_ path: String) -> String {
        path.hasPrefix(packages) ? String(path.dropFirst(packages.count)) : "../../../" + path
    }
}
