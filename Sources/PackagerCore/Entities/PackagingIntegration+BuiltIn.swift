import JSON

extension PackagingIntegration {
    /// An integration of Packager's own, with ODAHU's targets: where the image goes, and where its base comes from.
    package init(builtIn id: String, arguments: [Property]) {
        let targets = [
            TargetSchema(name: "docker-push", connectionTypes: ["docker", "file"], default: "store", required: true),
            TargetSchema(name: "docker-pull", connectionTypes: ["docker"], default: "", required: false),
        ]
        self.init(
            id: id,
            spec: Spec(
                entrypoint: "built-in",
                defaultImage: "built-in",
                schema: Schema(targets: targets, arguments: ArgumentSchema(properties: arguments))
            )
        )
    }
}

extension PackagingIntegration.Property {
    /// ODAHU's `imageName`, with its default.
    package static let imageName = PackagingIntegration.Property(
        "imageName",
        [
            "description": "Name and tag: a template with Name, Version and RandomUUID.",
            "type": "string",
            "default": .string(ImageNameTemplate.default),
        ]
    )

    /// The `dockerfileBaseImage` of images that run a model in the base's own Python.
    package static let pythonBaseImage = PackagingIntegration.Property(
        "dockerfileBaseImage",
        ["description": "Image to build on, with the model's Python. Default: python:X.Y-slim.", "type": "string"]
    )
}
