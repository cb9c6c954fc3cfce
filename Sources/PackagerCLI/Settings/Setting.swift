import ArgumentParser

/// Something that a flag, a variable of the environment or the configuration file can say, in this order.
///
/// ``all`` is the one list of them: flags' help texts, `config show` and the documentation follow from it.
package struct Setting: Sendable {
    /// Its name in the configuration file, and with two dashes the flag's: `index-url`.
    package var name: String
    /// What it is, as a sentence.
    package var summary: String
    /// As a person writes it; "" for none.
    package var defaultValue: String
    /// What keeps several values apart in one text; nil where there is one.
    package var separator: Character?
    /// Never shown without being asked for.
    package var isSecret: Bool

    init(
        _ name: String,
        _ summary: String,
        default defaultValue: String = "",
        separator: Character? = nil,
        isSecret: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.defaultValue = defaultValue
        self.separator = separator
        self.isSecret = isSecret
    }

    /// Its variable: `PACKAGER_INDEX_URL`.
    package var variable: String {
        "PACKAGER_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// What `--help` says of the flag.
    var help: ArgumentHelp {
        let separated = separator.map { $0 == " " ? " with blanks between them" : " with \"\($0)\" between them" } ?? ""
        let byDefault = defaultValue.isEmpty ? "" : "; default \(defaultValue)"
        return ArgumentHelp("\(summary) Also \(variable)\(separated)\(byDefault).")
    }
}

extension Setting {
    static let url = Setting("url", "The server that commands talk to.", default: "http://127.0.0.1:5080")
    static let token = Setting("token", "Bearer token for a server behind a login.", isSecret: true)
    static let data = Setting("data", "Directory of all state.", default: "~/.local/share/packager")
    static let host = Setting("host", "Address to listen on.", default: "127.0.0.1")
    static let port = Setting("port", "Port to listen on.", default: "5080")
    static let tokenFile = Setting(
        "token-file",
        "A file of bearer tokens, one a line: whoever has none of them gets nothing. Without it the server lets everybody in."
    )
    static let publicHost = Setting(
        "public-host",
        "HOST:PORT under which clients pull the store's images; the address where nothing is said."
    )
    static let workers = Setting("workers", "Packagings that run at once.", default: "2")
    static let grace = Setting("grace", "Seconds that running packagings may go on after SIGTERM.", default: "20")
    static let lease = Setting(
        "lease",
        "Seconds after which a packaging whose worker gives no sign of life is taken over by another.",
        default: "30"
    )
    static let logFormat = Setting(
        "log-format",
        "How the server writes its log: text, or json for an object a line.",
        default: "text"
    )
    static let fileRoot = Setting(
        "file-root",
        "A directory outside the data directory that file connections may point into; repeat for more.",
        separator: ":"
    )
    static let outputConnection = Setting(
        "output-connection",
        "The connection that artifacts are read from where a packaging names none.",
        default: "artifacts"
    )
    static let nodePool = Setting(
        "node-pool",
        "A node selector that packagings may have, NAME=VALUE,…; repeat for more. Without any, every one is accepted.",
        separator: " "
    )
    static let compression = Setting("compression", "fast (ISA-L), small (zlib) or none.", default: "fast")
    static let bytecode = Setting(
        "bytecode",
        "auto compiles wheels where this machine has the Python for it; off.",
        default: "auto"
    )
    static let indexURL = Setting("index-url", "Python package index in place of PyPI.")
    static let extraIndexURL = Setting(
        "extra-index-url",
        "A further Python package index; repeat for more.",
        separator: " "
    )
    static let condaChannel = Setting(
        "conda-channel",
        "URL of a Conda channel in place of those that models name; repeat for more.",
        separator: " "
    )
    static let condaSolver = Setting(
        "conda-solver",
        "micromamba, mamba or a Python with py-rattler; rattler to get that with uv; none."
    )
    static let maxEntries = Setting("max-entries", "Entries that an artifact may have.", default: "200000")
    static let maxBytes = Setting("max-bytes", "Bytes that an artifact may unpack to.", default: "1099511627776")
    static let dockerHost = Setting(
        "docker-host",
        """
        The Docker engine of the builder "docker", unix:///PATH or tcp://HOST:PORT with DOCKER_CERT_PATH; commands, but \
        not the server, also ask DOCKER_HOST and then Docker's own socket.
        """
    )
    static let dockerNetwork = Setting(
        "docker-network",
        "The network of RUN steps, such as host or none; the engine's where nothing is said."
    )
    static let allowDockerfileTemplates = Setting(
        "allow-dockerfile-templates",
        """
        Let packagings bring Dockerfiles of their own (dockerfileTemplate): whoever may package may then run any program \
        in the Docker engine.
        """,
        default: "false"
    )

    static let customPackagers = Setting(
        "custom-packagers",
        """
        What integrations that bring images of their own run in: docker (see --docker-host), crun, runc, the path of such \
        a program, or none. Whoever may package may then run any program there.
        """,
        default: "none; without a server what there is"
    )
    static let customPackagerTimeout = Setting(
        "custom-packager-timeout",
        "Seconds that a packager image may run.",
        default: "14400"
    )
    static let allowPrivilegedPackagers = Setting(
        "allow-privileged-packagers",
        "Let integrations whose spec.privileged is true have all rights on the machine that they run on.",
        default: "false"
    )

    /// In the order of the documentation.
    package static let all: [Setting] = [
        url, token, data, host, port, tokenFile, publicHost, workers, grace, lease, logFormat, fileRoot,
        outputConnection, nodePool, compression, bytecode, indexURL, extraIndexURL, maxEntries, maxBytes, dockerHost,
        dockerNetwork, allowDockerfileTemplates,
        customPackagers, customPackagerTimeout, allowPrivilegedPackagers, condaChannel, condaSolver,
    ]

    static func named(_ name: String) -> Setting? { all.first { $0.name == name } }
}
