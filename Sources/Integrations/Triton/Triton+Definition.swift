import JSON
package import PackagerCore

extension Triton {
    /// ODAHU's targets and arguments; the release follows the model unless it is given.
    package var definition: PackagingIntegration {
        PackagingIntegration(builtIn: "docker-triton", arguments: Self.properties)
    }

    private static var properties: [PackagingIntegration.Property] {
        [
            .imageName,
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
