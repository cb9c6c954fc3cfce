import JSON
import OCI
import PackagerCore

extension DockerREST {
    /// The arguments as types; the schema has been checked and the defaults are in.
    struct Arguments {
        var base: ImageReference?
        var host: String
        var port: Int
        var timeout: Int
        var workers: Int
        var threads: Int

        init(_ values: [String: JSONValue]) throws {
            base = try values["dockerfileBaseImage"]?.stringValue.map(ImageReference.init(parsing:))
            host = values["host"]?.stringValue ?? "0.0.0.0"
            port = Self.integer(values["port"]) ?? 5000
            timeout = Self.integer(values["timeout"]) ?? 60
            workers = Self.integer(values["workers"]) ?? 1
            threads = Self.integer(values["threads"]) ?? 4
        }

        private static func integer(_ value: JSONValue?) -> Int? { value?.integerValue.flatMap(Int.init(exactly:)) }

        /// The image's command: `docker run IMAGE <flags>` puts others in their place, as with ODAHU.
        var serverFlags: [String] {
            [
                "--timeout", "\(timeout)", "-b", "\(host.contains(":") ? "[\(host)]" : host):\(port)",
                "-w", "\(workers)", "--threads", "\(threads)", "packager_serving.wsgi:app", "--access-logfile", "-",
            ]
        }
    }
}
