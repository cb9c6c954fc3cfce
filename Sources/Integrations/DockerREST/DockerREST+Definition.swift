import JSON
package import PackagerCore

extension DockerREST {
    /// ODAHU's targets and arguments with its defaults; the base follows the model's Python unless it is given.
    package var definition: PackagingIntegration {
        PackagingIntegration(
            id: "docker-rest",
            spec: .init(
                entrypoint: "built-in",
                defaultImage: "built-in",
                schema: .init(
                    targets: [
                        .init(
                            name: "docker-push",
                            connectionTypes: ["docker", "file"],
                            default: "store",
                            required: true
                        ),
                        .init(name: "docker-pull", connectionTypes: ["docker"], default: "", required: false),
                    ],
                    arguments: .init(properties: [
                        .init(
                            "dockerfileBaseImage",
                            [
                                "description": "Image to build on, with the model's Python. Default: python:X.Y-slim.",
                                "type": "string",
                            ]
                        ),
                        .init(
                            "imageName",
                            [
                                "description": "Name and tag: a template with Name, Version and RandomUUID.",
                                "type": "string",
                                "default": "{{ Name }}-{{ Version }}:{{ RandomUUID }}",
                            ]
                        ),
                        .init("host", ["description": "Address to bind.", "type": "string", "default": "0.0.0.0"]),
                        .init(
                            "port",
                            [
                                "description": "Port to bind.", "type": "integer", "minimum": 1, "maximum": 65535,
                                "default": 5000,
                            ]
                        ),
                        .init(
                            "timeout",
                            [
                                "description": "Seconds after which a silent worker is replaced; 0 for never.",
                                "type": "integer", "minimum": 0, "default": 60,
                            ]
                        ),
                        .init(
                            "workers",
                            ["description": "Worker processes.", "type": "integer", "minimum": 1, "default": 1]
                        ),
                        .init(
                            "threads",
                            ["description": "Threads a worker.", "type": "integer", "minimum": 1, "default": 4]
                        ),
                    ])
                )
            )
        )
    }
}
