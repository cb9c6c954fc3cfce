import JSON

extension LayerRecipe: Codable {
    private enum CodingKeys: String, CodingKey { case files, name, artifact, generated, parameters }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let files = try container.decodeIfPresent([RecipeFile].self, forKey: .files) {
            self = .files(name: try container.decode(String.self, forKey: .name), files)
        } else if let prefix = try container.decodeIfPresent(String.self, forKey: .artifact) {
            self = .artifact(prefix: prefix)
        } else {
            self = .generated(
                kind: try container.decode(String.self, forKey: .generated),
                parameters: try container.decode(JSONValue.self, forKey: .parameters)
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .files(let name, let files):
            try container.encode(name, forKey: .name)
            try container.encode(files, forKey: .files)
        case .artifact(let prefix):
            try container.encode(prefix, forKey: .artifact)
        case .generated(let kind, let parameters):
            try container.encode(kind, forKey: .generated)
            try container.encode(parameters, forKey: .parameters)
        }
    }
}
