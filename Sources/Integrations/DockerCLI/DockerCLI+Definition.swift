import JSON
package import PackagerCore

extension DockerCLI {
    /// ODAHU's targets and arguments with its defaults; the base follows the model's Python unless it is given.
    package var definition: PackagingIntegration {
        PackagingIntegration(
            id: "docker-cli",
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
                    ])
                )
            )
        )
    }
}
