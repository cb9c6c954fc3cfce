import JSON

extension PackagingIntegration {
    /// An integration of Packager's own, with ODAHU's targets: where the image goes, and where its base comes from. Every
    /// one can be built in a Docker engine, by a Dockerfile that may be the user's.
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
                schema: Schema(
                    targets: targets,
                    arguments: ArgumentSchema(properties: arguments + [.builder, .template])
                )
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

    /// Who builds the image.
    static let builder = PackagingIntegration.Property(
        ImageBuilder.argument,
        [
            "description": "native; or docker: a Docker engine, by a Dockerfile, where the server has one.",
            "type": "string",
            "enum": .array(ImageBuilder.allCases.map { .string($0.rawValue) }),
            "default": .string(ImageBuilder.native.rawValue),
        ]
    )

    /// The Dockerfile of the builder `docker`.
    static let template = PackagingIntegration.Property(
        ImageBuilder.templateArgument,
        [
            "description": "Mustache template of the Dockerfile, for the builder docker, where the server allows it.",
            "type": "string",
            "maxLength": 65536,
        ]
    )

    /// The `dockerfileBaseImage` of images that run a model in the base's own Python.
    package static let pythonBaseImage = PackagingIntegration.Property(
        "dockerfileBaseImage",
        ["description": "Image to build on, with the model's Python. Default: python:X.Y-slim.", "type": "string"]
    )
}
