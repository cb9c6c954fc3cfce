package import Dockerfiles
package import JSON

/// Who makes an image of its recipe.
package enum ImageBuilder: String, Sendable, Hashable, CaseIterable {
    /// This program, layer by layer.
    case native
    /// A Docker engine, by a Dockerfile.
    case docker

    /// The arguments of integrations that say so.
    package static let argument = "builder"
    package static let templateArgument = "dockerfileTemplate"
}

extension PackagingRequest {
    /// Who is to make the image; an integration without the argument knows but one way.
    package var builder: ImageBuilder {
        let arguments = integration.definition.spec.schema.withDefaults(arguments)
        return arguments[ImageBuilder.argument]?.stringValue.flatMap(ImageBuilder.init(rawValue:)) ?? .native
    }

    /// The user's template for the Dockerfile, or else the integration's own.
    ///
    /// - Throws: ``PackagingError`` `noTemplate`.
    package var dockerfileTemplate: DockerfileTemplate {
        get throws {
            let own = arguments[ImageBuilder.templateArgument]?.stringValue
            guard let text = own ?? integration.dockerfileTemplate else {
                throw PackagingError(
                    .noTemplate,
                    "the integration \(integration.definition.id) has no Dockerfile of its own; give a template"
                )
            }
            return DockerfileTemplate(text)
        }
    }
}

/// Which ways to build an image users may ask for.
package struct BuilderPolicy: Sendable, Hashable {
    /// Whether there is a Docker engine to build in.
    package var engine: Bool
    /// Whether users may bring Dockerfiles of their own: a step in one is any program, run by that engine.
    package var templates: Bool

    package init(engine: Bool = false, templates: Bool = false) {
        self.engine = engine
        self.templates = templates
    }

    /// What is wrong with an integration's arguments, a sentence each.
    package func errors(in arguments: [String: JSONValue]) -> [String] {
        var errors: [String] = []
        let isDocker = arguments[ImageBuilder.argument]?.stringValue == ImageBuilder.docker.rawValue
        if isDocker, !engine {
            errors.append(
                """
                builder "docker" needs a Docker engine, and this server was started without one: start it with \
                --docker-host (PACKAGER_DOCKER_HOST), such as unix:///var/run/docker.sock
                """
            )
        }
        guard let template = arguments[ImageBuilder.templateArgument]?.stringValue else { return errors }
        if !templates {
            errors.append(
                """
                dockerfileTemplate is not allowed by this server: start it with --allow-dockerfile-templates \
                (PACKAGER_ALLOW_DOCKERFILE_TEMPLATES=true)
                """
            )
        }
        if !isDocker { errors.append("dockerfileTemplate is for builder \"docker\"; ask for that, or leave it out") }
        do {
            try DockerfileTemplate(template).check()
        } catch {
            errors.append("\(error)")
        }
        return errors
    }
}
