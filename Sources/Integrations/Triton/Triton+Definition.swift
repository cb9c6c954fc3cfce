import JSON
package import PackagerCore

extension Triton {
    /// ODAHU's targets and arguments; the release follows the model unless it is given.
    package var definition: PackagingIntegration {
        PackagingIntegration(
            id: "docker-triton",
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
                    arguments: .init(properties: Self.properties)
                )
            )
        )
    }

    private static var properties: [PackagingIntegration.Property] {
        [
            .init(
                "imageName",
                [
                    "description": "Name and tag: a template with Name, Version and RandomUUID.",
                    "type": "string",
                    "default": "{{ Name }}-{{ Version }}:{{ RandomUUID }}",
                ]
            ),
            .init(
                "triton_base_image_tag",
                [
                    "description": "Tag of nvcr.io/nvidia/tritonserver. Default: the newest that serves the model.",
                    "type": "string",
                ]
            ),
            .init(
                "dockerfileBaseImage",
                ["description": "Any image with a tritonserver in it, instead of NVIDIA's.", "type": "string"]
            ),
            .init("inputs", ["description": "Inputs, as in config.pbtxt.", "type": ["array", "object", "string"]]),
            .init("outputs", ["description": "Outputs, as in config.pbtxt.", "type": ["array", "object", "string"]]),
            .init(
                "max_batch_size",
                ["description": "Rows of a request; 0 for no batches.", "type": "integer", "minimum": 0]
            ),
            .init(
                "instance_group",
                ["description": "Instances, as in config.pbtxt.", "type": ["array", "object", "string"]]
            ),
            .init(
                "dynamic_batching",
                ["description": "Batching, as in config.pbtxt.", "type": ["object", "string"]]
            ),
        ]
    }
}
