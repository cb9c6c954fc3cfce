package import Logging
import OCI

extension ImageAssembler {
    /// What ``assemble(_:on:artifact:logger:whenReady:)`` would make. Nothing is made, and no network is asked.
    ///
    /// - Throws: ``AssemblerError`` for a recipe that cannot be assembled.
    package func preview(
        _ recipe: ImageRecipe,
        on base: BaseImage,
        artifact: ArtifactContents?,
        logger: Logger
    ) async throws -> ImagePreview {
        try base.check(for: options.platform)
        let room = try room(for: recipe, on: base)
        var preview = ImagePreview(
            rows: base.rows.map { row in
                ImagePreview.Row(
                    kind: "base",
                    name: row.layer.name,
                    paths: [],
                    from: .base,
                    descriptor: row.layer.descriptor
                )
            },
            execution: ImageConfiguration.Execution(recipe, on: base.configuration.config ?? .init()),
            annotations: recipe.annotations.merging(base.annotations) { _, base in base }
        )
        for layer in recipe.layers {
            switch layer {
            case .files(let name, let files):
                preview.rows.append(
                    try await row(of: filesPlan(name, files), kind: "files", paths: files.map { "/\($0.path)" })
                )
            case .artifact(let prefix):
                preview.rows += try await rows(of: artifact, prefix: prefix)
            case .generated(let kind, let parameters):
                let generator = try generator(of: kind)
                let known = try await generator.knownLayers(
                    for: parameters,
                    on: base,
                    maximumLayers: room,
                    logger: logger
                )
                if let packages = known?.packages { preview.packages = (preview.packages ?? []) + packages }
                guard let plans = known?.plans else {
                    preview.rows.append(.init(kind: kind, name: kind, paths: generator.directories))
                    continue
                }
                for plan in plans {
                    preview.rows.append(try await row(of: plan, kind: kind, paths: generator.directories))
                }
            }
        }
        return preview
    }

    private func row(of plan: LayerPlan, kind: String, paths: [String]) async throws -> ImagePreview.Row {
        var known: Layer?
        if let key = plan.key { known = try await builder.known(key, plan.compression)?.first }
        return ImagePreview.Row(
            kind: kind,
            name: plan.name,
            paths: paths,
            from: known == nil ? .built : .cached,
            descriptor: known?.descriptor
        )
    }

    private func rows(of artifact: ArtifactContents?, prefix: String) async throws -> [ImagePreview.Row] {
        let unknown = ImagePreview.Row(kind: "artifact", name: "model", paths: ["/\(prefix)"])
        guard let key = artifact?.key, let layers = try await builder.known(artifact: key, prefix: prefix) else {
            return [unknown]
        }
        return layers.map { layer in
            ImagePreview.Row(
                kind: "artifact",
                name: layer.name,
                paths: ["/\(prefix)"],
                from: .cached,
                descriptor: layer.descriptor
            )
        }
    }
}
