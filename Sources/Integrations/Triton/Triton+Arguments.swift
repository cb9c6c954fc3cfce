import JSON
import OCI

extension Triton {
    /// The arguments as types.
    struct Arguments {
        var base: ImageReference?
        var tag: String?
        var model: ModelArguments

        init(_ values: [String: JSONValue]) throws {
            base = try values["dockerfileBaseImage"]?.stringValue.map(ImageReference.init(parsing:))
            tag = values["triton_base_image_tag"]?.stringValue
            if base != nil, tag != nil {
                throw TritonError(
                    .argument,
                    "dockerfileBaseImage and triton_base_image_tag both name the base; give one of them"
                )
            }
            model = try ModelArguments(values)
        }
    }

    /// The base image: the one that is given, if it serves the model, else the newest that does.
    static func base(_ arguments: Arguments, for needs: ReleaseNeeds) throws -> ImageReference {
        let table = try ReleaseTable.builtIn()
        if let base = arguments.base {
            // What another image holds is known once its configuration is.
            try needs.check(BaseServer(base, table), table)
            return base
        }
        if let tag = arguments.tag {
            guard let release = TritonRelease(tag) else {
                throw TritonError(
                    .argument,
                    "triton_base_image_tag is \"\(tag)\", which names no release; write it as \(table.latest)-py3"
                )
            }
            try needs.check(release, table)
            return try ImageReference(parsing: "\(table.image):\(tag)")
        }
        guard let release = needs.newest(in: table) else {
            let reason = needs.objection(to: table.latest, table) ?? ""
            throw TritonError(.incompatible, "\(reason); \(ReleaseNeeds.noRelease)")
        }
        return try ImageReference(parsing: "\(table.image):\(release)-py3")
    }
}
