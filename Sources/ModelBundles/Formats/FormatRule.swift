/// Which entries a directory must have to hold a model of a format.
struct FormatRule: Sendable {
    /// Entries of which there must be so many.
    struct Requirement: Sendable {
        /// Names, or `*` and the end of a name.
        var patterns: [String]
        /// More than one will do, too: a model in shards.
        var allowsMore = false

        init(_ patterns: String..., allowsMore: Bool = false) {
            self.patterns = patterns
            self.allowsMore = allowsMore
        }

        func matches(_ name: String) -> Bool {
            patterns.contains { $0.hasPrefix("*") ? name.hasSuffix($0.dropFirst()) : name == $0 }
        }
    }

    var requirements: [Requirement]

    /// PMML has a rule of its own: its one file must be alone.
    static func of(_ format: BundleFormat) -> FormatRule {
        let requirements: [Requirement] =
            switch format {
            case .savedModel: [Requirement("saved_model.pb")]
            case .onnx: [Requirement("*.onnx")]
            case .h5: [Requirement("*.h5")]
            case .pmml: [Requirement("*.pmml")]
            case .caffeModel: [Requirement("*.caffemodel"), Requirement("*.prototxt")]
            case .netDef: [Requirement("init_net.pb"), Requirement("predict_net.pb")]
            case .mxNetParams: [Requirement("*symbol.json"), Requirement("*.params")]
            case .torchScript: [Requirement("*.pt")]
            case .graphDef: [Requirement("*.graphdef")]
            case .tensorRT: [Requirement("*.plan", "*.engine")]
            case .skLearn: [Requirement("*.joblib")]
            case .xgboost: [Requirement("*.xgboost")]
            case .mlflow: [Requirement("MLmodel")]
            case .pickle: [Requirement("*.pickle")]
            case .others: []
            case .safetensors: [Requirement("*.safetensors", allowsMore: true)]
            case .gguf: [Requirement("*.gguf", allowsMore: true)]
            case .keras: [Requirement("*.keras")]
            case .openVINO: [Requirement("*.xml"), Requirement("*.bin")]
            }
        return FormatRule(requirements: requirements)
    }
}

extension BundleFormat {
    /// The format that a metadata file names.
    ///
    /// - Throws: ``BundleError`` `format`.
    package init(named name: String, inferred: BundleFormat?) throws {
        if let format = BundleFormat(rawValue: name) {
            self = format
            return
        }
        let hint =
            Self.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
            .map { "; it is written \($0.rawValue)" } ?? ""
        let found = inferred.map { "; the files look like \($0.rawValue)" } ?? ""
        throw BundleError(
            .format,
            "unrecognized model format, please check the ormbfile.yaml: \"\(name)\" is none of "
                + "\(Self.allCases.map(\.rawValue).joined(separator: ", "))\(hint)\(hint.isEmpty ? found : "")"
        )
    }

    /// What is wrong with a directory's entries for this format, in ORMB's words; nil when nothing is.
    ///
    /// - Parameter shown: the directory, for the message.
    func problem(with entries: [ModelTree.Entry], in shown: String) -> String? {
        if self == .pmml {
            if entries.count > 1 { return "there are too many pmml file" }
            return entries.first.map { $0.name.hasSuffix(".pmml") } == true
                ? nil : "there are no *.pmml file in \(shown) directory"
        }
        for requirement in FormatRule.of(self).requirements {
            let count = entries.count { requirement.matches($0.name) }
            if count == 1 || (requirement.allowsMore && count > 1) { continue }
            let wanted = requirement.patterns.joined(separator: " or ")
            return "Expected one \(wanted) file in \(shown) directory, but found \(count) ."
        }
        return nil
    }

    /// The directory of a model that holds this format: the top, as ORMB wants it, or else the nearest below.
    ///
    /// - Parameter shown: the model's directory, for messages.
    /// - Returns: relative to the top; "" for the top itself.
    /// - Throws: ``BundleError`` `format` with what is wrong with the top.
    package func directory(in tree: ModelTree, shown: String) throws -> String {
        guard let problem = problem(with: tree.entries(of: ""), in: shown) else { return "" }
        // The files of a format that has no rule of its own may lie anywhere.
        if let below = tree.directories.dropFirst().first(where: {
            self.problem(with: tree.entries(of: $0), in: shown) == nil
        }) {
            return below
        }
        throw BundleError(.format, problem)
    }
}
