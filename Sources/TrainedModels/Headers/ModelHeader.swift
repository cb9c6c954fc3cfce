/// What the header of a model file says.
struct ModelHeader: Hashable {
    var signature: ModelSignature?
    var traits: [String: Int] = [:]
    /// See ``ModelPart/problem``.
    var problem: String?
}

extension ModelHeader {
    /// The most inputs, outputs or dimensions that are believed.
    static let maximumCount = 4096
}
