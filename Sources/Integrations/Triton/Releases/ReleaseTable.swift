import FoundationEssentials
import JSON

/// What releases of the server hold, from `Resources/releases.json`, where the sources are.
struct ReleaseTable: Sendable {
    /// What is known of one release; nil or 0 where nothing is.
    struct Contents: Sendable, Hashable {
        /// The minor version of Python that the Python backend's processes run, such as "3.12".
        var python: String?
        var onnxruntime: String?
        /// The newest that its ONNX Runtime reads.
        var opset = 0
        var ir = 0
        /// The major version of NumPy from which its Python backend fails; 0 for none.
        var numpyBelow = 0
        /// Whether EXECUTION_ENV_PATH can be a directory.
        var environmentDirectories = false
        /// Why a backend is not there, by its name.
        var missingBackends: [String: String] = [:]
    }

    private struct Change: Decodable {
        var since: String
        var python: String?
        var onnxruntime: String?
        var opset: Int?
        var ir: Int?
        var numpyBelow: Int?
        var environmentDirectories: Bool?
        var removedBackends: [String: String]?
        var addedBackends: [String: String]?
    }

    private struct File: Decodable {
        var image: String
        var latest: String
        var versions: [String: String]
        var changes: [Change]
    }

    /// The repository of the images.
    let image: String
    let latest: TritonRelease
    /// Minor versions of the server, 2.N, and the releases that they came with.
    private let versions: [(minor: Int, release: TritonRelease)]
    private let changes: [(since: TritonRelease, change: Change)]

    /// - Throws: an error that says what is wrong with the resource.
    static func builtIn() throws -> ReleaseTable { try ReleaseTable(json: Data(PackageResources.releases_json)) }

    init(json: Data) throws {
        func release(_ text: String) throws -> TritonRelease {
            guard let release = TritonRelease(text) else {
                throw TritonError(.incompatible, "the table of releases has \"\(text)\", which is no release")
            }
            return release
        }
        let file = try CanonicalJSON.decode(File.self, from: json)
        image = file.image
        latest = try release(file.latest)
        versions = try file.versions.map { version, tag in
            (Self.minor(of: version) ?? 0, try release(tag))
        }.sorted { $0.0 < $1.0 }
        changes = try file.changes.map { (try release($0.since), $0) }.sorted { $0.0 < $1.0 }
    }

    /// The release of a server by the version it has itself, `TRITON_SERVER_VERSION`: 2.51.0 → 24.10; nil for one that is
    /// older than the table or of another form.
    func release(ofServer version: String) -> TritonRelease? {
        guard let minor = Self.minor(of: version), minor < 1200,
            let start = versions.last(where: { $0.minor <= minor })
        else { return nil }
        return start.release.adding(months: minor - start.minor)
    }

    /// `2.51.0` → 51
    private static func minor(of version: String) -> Int? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "2" else { return nil }
        return Int(parts[1].prefix(while: \.isNumber))
    }

    /// The releases in which something changes, and the ones before them, newest first: among them is the nearest one
    /// that serves a model, if there is any.
    var candidates: [TritonRelease] {
        Set(changes.flatMap { [$0.since, $0.since.previous] } + [latest]).filter { $0 <= latest }.sorted(by: >)
    }

    func contents(of release: TritonRelease) -> Contents {
        var contents = Contents()
        for (since, change) in changes {
            if since > release {
                for (name, reason) in change.addedBackends ?? [:] { contents.missingBackends[name] = reason }
                continue
            }
            contents.python = change.python ?? contents.python
            contents.onnxruntime = change.onnxruntime ?? contents.onnxruntime
            contents.opset = change.opset ?? contents.opset
            contents.ir = change.ir ?? contents.ir
            contents.numpyBelow = change.numpyBelow ?? contents.numpyBelow
            contents.environmentDirectories = change.environmentDirectories ?? contents.environmentDirectories
            for (name, reason) in change.removedBackends ?? [:] { contents.missingBackends[name] = reason }
        }
        return contents
    }
}
