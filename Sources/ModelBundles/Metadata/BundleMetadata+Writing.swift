package import JSON
import YAML

extension BundleMetadata {
    /// The document as ORMB's code writes it; what is not set is left out.
    package var document: JSONValue {
        var members: [String: JSONValue] = ["format": .string(format)]
        members.set("author", author)
        members.set("created", created)
        members.set("description", description)
        members.set("tags", tags)
        members.set("labels", .object(labels.mapValues { .string($0) }))
        members.set("gpuType", gpuType)
        members.set("framework", framework)
        members.set("metrics", .object(metrics.mapValues { .array($0.map(\.document)) }))
        members.set("hyperParameters", .array(hyperParameters.map(\.document)))
        members.set("signature", signature?.document ?? .null)
        members.set("training", training.map { ["git": $0.document] } ?? .null)
        members.set("dataset", dataset.map { ["git": $0.document] } ?? .null)
        members.set("directoryStructure", directoryStructure)
        return .object(members)
    }

    /// `ormbfile.yaml`
    package var yaml: String { YAML.text(document) }
}

extension BundleMetadata.NamedValue {
    fileprivate var document: JSONValue { ["name": .string(name), "value": .string(value)] }
}

extension BundleMetadata.Signature {
    fileprivate var document: JSONValue {
        var members: [String: JSONValue] = [:]
        members.set("inputs", .array(inputs.map(\.document)))
        members.set("outputs", .array(outputs.map(\.document)))
        members.set("layers", .object(layers.mapValues { .integer($0) }))
        return .object(members)
    }
}

extension BundleMetadata.Tensor {
    fileprivate var document: JSONValue {
        var members: [String: JSONValue] = ["name": .string(name)]
        members.set("size", .array(size.map { .integer($0) }))
        members.set("dType", dType)
        members.set("opType", opType)
        members.set("values", values)
        return .object(members)
    }
}

extension BundleMetadata.Repository {
    fileprivate var document: JSONValue {
        var members: [String: JSONValue] = [:]
        members.set("repository", repository)
        members.set("revision", revision)
        return .object(members)
    }
}

extension [String: JSONValue] {
    /// Sets a member unless there is nothing in it.
    fileprivate mutating func set(_ name: String, _ value: JSONValue) {
        guard value != .null, value != .object([:]), value != .array([]) else { return }
        self[name] = value
    }

    fileprivate mutating func set(_ name: String, _ text: String?) {
        if let text, !text.isEmpty { self[name] = .string(text) }
    }

    fileprivate mutating func set(_ name: String, _ texts: [String]) {
        set(name, .array(texts.map { .string($0) }))
    }
}
