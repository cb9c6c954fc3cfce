import JSON

/// `micromamba create --dry-run --json`, and mamba's from version 2 on, which is the same program.
enum MambaDryRun {
    static func arguments(_ request: CondaSolver.Request) -> [String] {
        [
            "create", "--dry-run", "--json", "--yes", "--no-rc", "--no-env", "--override-channels",
            "--strict-channel-priority", "--platform", request.platform, "--prefix", "\(request.cache)/no-environment",
        ] + request.channels.flatMap { ["--channel", $0] }
            + (request.refresh ? ["--repodata-ttl", "0"] : []) + request.specs
    }

    /// Its own cache, and the platform of the image in place of this machine's.
    static func environment(_ request: CondaSolver.Request) -> [String: String?] {
        var variables: [String: String?] = [
            "MAMBA_ROOT_PREFIX": "\(request.cache)/mamba", "CONDA_PKGS_DIRS": "\(request.cache)/mamba-packages",
            "CONDA_PREFIX": nil,
        ]
        for package in request.virtualPackages {
            let parts = package.split(separator: "=").map(String.init)
            let name = parts[0].drop { $0 == "_" }.uppercased()
            if ["GLIBC", "LINUX", "CUDA"].contains(name), parts.count > 1 {
                variables["CONDA_OVERRIDE_\(name)"] = parts[1]
            }
        }
        return variables
    }

    /// What would be linked.
    static func records(_ answer: JSONValue) -> JSONValue {
        answer["actions"]?["LINK"] ?? .array([])
    }
}
