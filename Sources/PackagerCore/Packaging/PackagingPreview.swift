package import ImageAssembler
package import JSON
package import OCI
import TrainedModels

/// What a packaging would make, as a document: the recipe on its base, and what is known of its layers already.
package struct PackagingPreview: Sendable, Hashable, Codable {
    package struct Model: Sendable, Hashable, Codable {
        package var name: String
        package var version: String
        /// `gppi`, `mlflow`, `file` or `triton`.
        package var kind: String
        package var files: Int
        /// Of all files.
        package var bytes: Int64
    }

    package struct Base: Sendable, Hashable, Codable {
        package var image: ImageReference
        /// Of the manifest for the platform.
        package var digest: Digest
        package var platform: String
    }

    package struct Layer: Sendable, Hashable, Codable {
        /// `base`, `files`, `artifact`, or the kind of its generator, such as `python-environment`.
        package var kind: String
        package var name: String
        /// The files or directories it fills, absolute; empty for a layer of the base.
        package var paths: [String]
        /// `base`, `cached`, or `built` for one that is still to be made; nil where it is not known which layers there
        /// will be.
        package var from: Image.Provenance?
        package var digest: Digest?
        /// Bytes, compressed as it is.
        package var size: Int64?
    }

    package struct Configuration: Sendable, Hashable, Codable {
        package var entrypoint: [String]
        package var command: [String]
        /// The base's variables among them.
        package var environment: [String: String]
        package var user: String
        package var workingDirectory: String
        /// `5000/tcp`
        package var ports: [String]
        package var labels: [String: String]
    }

    package struct Environment: Sendable, Hashable, Codable {
        /// Sorted by name.
        package var packages: [LockedPackage]
    }

    package var integration: String
    package var builder: String
    /// The name that the image gets.
    package var image: ImageReference
    /// Where it goes; nil for a packaging that names none.
    package var targets: [ModelPackaging.Target]?
    package var model: Model
    /// With the integration's defaults.
    package var arguments: [String: JSONValue]
    package var base: Base
    /// Lowest first.
    package var layers: [Layer]
    package var configuration: Configuration
    package var annotations: [String: String]
    /// What is installed; nil as long as that was not resolved.
    package var environment: Environment?
}

extension PackagingPreview {
    init(_ draft: Packager.Draft, _ image: ImagePreview) {
        let (plan, execution) = (draft.plan, image.execution)
        integration = draft.request.integration.definition.id
        builder = draft.request.builder.rawValue
        self.image = draft.reference
        model = Model(plan.model)
        arguments = plan.arguments
        base = Base(
            image: plan.recipe.base,
            digest: plan.base.descriptor.digest,
            platform: plan.base.configuration.platform.description
        )
        layers = image.rows.map { row in
            Layer(
                kind: row.kind,
                name: row.name,
                paths: row.paths,
                from: row.from,
                digest: row.descriptor?.digest,
                size: row.descriptor?.size
            )
        }
        configuration = Configuration(execution)
        annotations = image.annotations
        environment = image.packages.map { packages in
            Environment(packages: packages.sorted { ($0.name, $0.version) < ($1.name, $1.version) })
        }
    }
}

extension PackagingPreview.Model {
    init(_ model: TrainedModel) {
        name = model.name
        version = model.version
        kind =
            switch model.kind {
            case .gppi: "gppi"
            case .mlflow: "mlflow"
            case .file: "file"
            case .triton: "triton"
            }
        files = model.files.count
        bytes = model.files.reduce(0) { $0 + $1.size }
    }
}

extension PackagingPreview.Configuration {
    init(_ execution: ImageConfiguration.Execution) {
        entrypoint = execution.entrypoint ?? []
        command = execution.command ?? []
        let variables = (execution.environment ?? []).map { line in
            (String(line.prefix { $0 != "=" }), String(line.drop { $0 != "=" }.dropFirst()))
        }
        environment = Dictionary(variables) { _, last in last }
        user = execution.user ?? ""
        workingDirectory = execution.workingDirectory ?? "/"
        ports = (execution.exposedPorts ?? [:]).keys.sorted()
        labels = execution.labels ?? [:]
    }
}
