import ImageAssembler
import OCI
import PythonLayers

/// A recipe's layers as a build context has them: which directory each is in, and how it is copied.
struct ContextLayers: Sendable {
    /// Files of the recipe below a directory of the context.
    struct Files: Sendable {
        /// Such as `files/serving-wrapper`; the files are below it under their paths in the image.
        var directory: String
        var files: [RecipeFile]
    }

    private(set) var files: [Files] = []
    /// Nil for a recipe without a Python environment.
    private(set) var environment: PythonEnvironment?
    /// Whether the recipe has layers that no builder can make anew: they are in the context as they are.
    private(set) var hasFinished = false
    /// Whether the artifact's files are in the context.
    private(set) var hasArtifact = false
    /// The arguments of `COPY`, in the layers' order.
    private(set) var copies: [String] = []

    /// - Throws: ``DockerfileError`` `unsupportedLayer`, and `unwritable` for a path that leaves its directory.
    init(_ recipe: ImageRecipe) throws {
        var names: Set<String> = []
        for layer in recipe.layers {
            switch layer {
            case .files(let name, let files):
                try add(files, to: Self.directory(named: name, besides: &names))
            case .artifact(let prefix):
                guard !hasArtifact else {
                    throw DockerfileError(.unsupportedLayer, "the recipe holds its artifact twice")
                }
                hasArtifact = true
                let destination = try DockerfileText.plain("/\(prefix)/", of: "the artifact's directory")
                copies.append("\(BuildContext.model)/ \(destination)")
            case .generated(PythonEnvironment.kind, let parameters):
                guard environment == nil else {
                    throw DockerfileError(
                        .unsupportedLayer,
                        "the recipe has two Python environments; one can be written"
                    )
                }
                environment = try PythonEnvironment(parameters: parameters)
                let prefix = PythonEnvironment.prefix
                copies.append("--from=\(DockerfileValues.stage) \(prefix) \(prefix)")
            case .generated(let kind, _):
                guard copies.isEmpty else {
                    throw DockerfileError(
                        .unsupportedLayer,
                        "a layer of kind \"\(kind)\" above others cannot be written in a Dockerfile"
                    )
                }
                hasFinished = true
            }
        }
    }

    private mutating func add(_ files: [RecipeFile], to directory: String) throws {
        guard !files.isEmpty else { return }
        for file in files {
            let components = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard !components.contains(where: { ["", ".", ".."].contains($0) }), !file.path.utf8.contains(0) else {
                throw DockerfileError(.unwritable, "the recipe's file \(file.path.debugDescription) has no usable path")
            }
        }
        self.files.append(Files(directory: directory, files: files))
        let common = Self.commonDirectory(of: files)
        copies.append("\(directory)/\(common) /\(common)")
    }

    /// The deepest directory that holds all files, with a slash at its end, as far as its name needs no quotes: copied
    /// from there, the directories above it stay as the base has them. Empty for the root.
    private static func commonDirectory(of files: [RecipeFile]) -> String {
        var common = files[0].path.split(separator: "/").dropLast()
        for file in files.dropFirst() {
            let directory = file.path.split(separator: "/").dropLast()
            common = common.prefix(zip(common, directory).prefix { $0 == $1 }.count)
        }
        return common.prefix(while: DockerfileText.isPlain).map { $0 + "/" }.joined()
    }

    /// Whether a layer is made before the Dockerfile is written, and not by it.
    static func isFinished(_ kind: String) -> Bool { kind != PythonEnvironment.kind }

    /// Where the context has finished layers: `layers/conda-numpy-2-2-0.tar.gz`.
    static func archives(of layers: [Layer]) -> [String] {
        var names: Set<String> = []
        return layers.map { layer in
            let name = unique(layer.name, besides: &names)
            return "\(BuildContext.layers)/\(name).tar\(layer.descriptor.mediaType == .ociLayerGzip ? ".gz" : "")"
        }
    }

    /// `Serving wrapper` → `files/serving-wrapper`
    private static func directory(named name: String, besides names: inout Set<String>) -> String {
        "\(BuildContext.files)/\(unique(name, besides: &names))"
    }

    private static func unique(_ name: String, besides names: inout Set<String>) -> String {
        let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let name = words.isEmpty ? "layer" : words.joined(separator: "-")
        var unique = name
        var number = 1
        while !names.insert(unique).inserted {
            number += 1
            unique = "\(name)-\(number)"
        }
        return unique
    }
}
