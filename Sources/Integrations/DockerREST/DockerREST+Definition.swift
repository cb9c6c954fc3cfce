import JSON
import ModelRuntime
package import PackagerCore

extension DockerREST {
    /// ODAHU's targets and arguments with its defaults; the base follows the model's Python unless it is given.
    package var definition: PackagingIntegration {
        PackagingIntegration(
            builtIn: "docker-rest",
            arguments: [
                .pythonBaseImage,
                .imageName,
                .init(CondaUse.argument, CondaUse.schema),
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
            ]
        )
    }
}
