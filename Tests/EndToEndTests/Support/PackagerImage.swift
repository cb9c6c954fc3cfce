import FileSystem
import JSON
import SystemPackage

/// A packager that is an image, with a shell script as its entry point. Its results tell what it has seen from inside.
struct PackagerImage: Sendable {
    static let entrypoint = "/usr/local/bin/pack"

    /// Runs as root.
    var reference: String
    /// Runs as a user that it knows by name.
    var unprivileged: String

    /// What is asked of it by the argument `do`: `pack`, `fail` or `sleep`.
    private static let script = #"""
        #!/bin/sh
        set -eu
        echo "packing $1 as $(id -u)"
        value() { sed -n 's/.*"'$1'":"\([^"]*\)".*/\1/p' "$2"; }
        field() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }
        case $(value do "$2") in
            sleep) echo sleeping; exec sleep 987 ;;
            fail) echo "there is no such model" >&2; exit 7 ;;
        esac
        touch "$1/changed"
        memory=/sys/fs/cgroup/memory.max
        [ -e $memory ] || memory=/sys/fs/cgroup/memory/memory.limit_in_bytes
        cat > result.json <<END
        {
            "arguments": "$*", "directory": "$(pwd)", "user": "$(id -u):$(id -g)", "files": "$(ls "$1" | tr '\n' ' ')",
            "input": "$(stat -c '%a %u' "$2")", "memory": "$(cat $memory)",
            "capabilities": "$(field CapEff)", "noNewPrivileges": "$(field NoNewPrivs)",
            "artifact": "$(value trainingZipName "$2")", "integration": "$(value integrationName "$2")",
            "password": "$(value password "$2")", "image": "example/model:1"
        }
        END

        """#

    /// Builds both in the engine, and pushes them; the engine forgets them. All that is in them is this machine's own
    /// shell: unpacking them takes no time.
    static func make(in world: World) async throws -> PackagerImage {
        let context = world.directory.appending("packager-image")
        try context.appending("root/etc").createDirectories()
        try context.appending("root/etc/passwd").write("root:x:0:0::/:/bin/sh\npacker:x:1234:1234::/:/bin/sh\n")
        try context.appending("root/etc/group").write("root:x:0:\npacker:x:1234:\n")
        try context.appending("pack").write(script)
        let copy = """
            set -eu
            install -D -m 755 pack root\(entrypoint)
            for name in sh cat id ls sed sleep stat touch tr; do
                install -D -m 755 "$(command -v $name)" root/bin/$name
                ldd "$(command -v $name)" | grep -o '/[^ ]*' | while read -r library; do
                    install -D -m 755 "$library" "root$library"
                done
            done
            """
        try await command("sh", ["-c", "cd \(context)\n\(copy)"]).succeeded()
        let host = world.registry.host
        let image = PackagerImage(reference: "\(host)/custom/packager:1", unprivileged: "\(host)/custom/packager:user")
        for (reference, user) in [(image.reference, "root"), (image.unprivileged, "packer")] {
            try context.appending("Dockerfile").write("FROM scratch\nCOPY root /\nUSER \(user)\n")
            try await world.engine.docker("build", "--tag", reference, context.string)
            try await world.engine.docker("push", reference)
        }
        try await world.engine.docker("rmi", "--force", image.reference, image.unprivileged)
        return image
    }

    func integration(_ id: String, image: String, privileged: Bool = false) -> JSONValue {
        [
            "id": .string(id),
            "spec": [
                "entrypoint": .string(Self.entrypoint), "defaultImage": .string(image), "privileged": .bool(privileged),
                "schema": [
                    "targets": [
                        [
                            "name": "docker-push", "connectionTypes": ["docker"], "default": "registry",
                            "required": true,
                        ]
                    ],
                    "arguments": [
                        "properties": [
                            [
                                "name": "do",
                                "parameters": [
                                    ["name": "type", "value": "string"], ["name": "default", "value": "pack"],
                                ],
                            ]
                        ]
                    ],
                ],
            ],
        ]
    }

    func packaging(_ id: String, by integration: String, do work: String = "pack") -> JSONValue {
        [
            "id": .string(id),
            "spec": [
                "artifactName": "sums.tar", "integrationName": .string(integration), "arguments": ["do": .string(work)],
                "resources": [
                    "limits": ["cpu": "1500m", "memory": "256Mi"], "requests": ["cpu": "100m", "memory": "64Mi"],
                ],
            ],
        ]
    }
}
