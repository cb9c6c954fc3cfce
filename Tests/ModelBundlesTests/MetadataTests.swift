import FileSystem
import JSON
import SystemPackage
import Testing
import YAML

@testable import ModelBundles

@Suite struct MetadataTests {
    private static let full = """
        author: Ann
        created: 2020-06-01T10:00:00Z
        description: Irises
        tags: [cv, "1.10"]
        labels: {team: flowers, tier: 2}
        format: TensorRT
        gpuType: Tesla T4
        framework: TensorFlow
        metrics:
          training:
          - {name: acc, value: 0.928}
        hyperParameters:
        - {name: batch, value: 32}
        signature:
          inputs:
          - {name: x, size: [-1, 4], dType: float32}
          outputs:
          - {name: y, size: [-1], dType: int64, opType: categorical, values: [a, b]}
          layers: {Conv2D: 53}
        training: {git: {repository: https://example.com/a.git, revision: abc}}
        dataset: {git: {repository: https://example.com/d.git, revision: 1234567}}
        directoryStructure: [model/model.plan]
        """

    @Test func everyFieldIsReadAndWritten() throws {
        let metadata = try Self.metadata(Self.full)
        #expect(
            metadata.author == "Ann" && metadata.created == "2020-06-01T10:00:00Z" && metadata.gpuType == "Tesla T4"
        )
        #expect(metadata.tags == ["cv", "1.10"] && metadata.labels == ["team": "flowers", "tier": "2"])
        #expect(metadata.metrics["training"]?.first?.value == "0.928" && metadata.hyperParameters.first?.value == "32")
        #expect(metadata.signature?.inputs.first?.size == [-1, 4] && metadata.signature?.layers == ["Conv2D": 53])
        #expect(metadata.signature?.outputs.first?.values == ["a", "b"])
        #expect(metadata.training?.revision == "abc" && metadata.dataset?.revision == "1234567")
        #expect(metadata.directoryStructure == ["model/model.plan"])
        // Through YAML and through JSON, nothing is lost.
        #expect(try Self.metadata(metadata.yaml) == metadata)
        #expect(try BundleMetadata(reading: metadata.document, from: "config") == metadata)
        // Values are strings in ORMB's own files, whatever they look like.
        #expect(metadata.document["hyperParameters"]?[0]?["value"] == "32")
    }

    @Test func olderSpellingsAreRead() throws {
        let metadata = try Self.metadata(
            """
            format: ONNX
            size: 12
            created: 0001-01-01T00:00:00Z
            hyperparameters: [{name: a, value: true}]
            metrics: [{name: acc, value: 1}]
            signature: {inputs: [{name: x, size: 3, description: an input}]}
            """
        )
        #expect(metadata.created == nil)
        #expect(metadata.hyperParameters == [.init(name: "a", value: "true")])
        #expect(metadata.metrics == ["metrics": [.init(name: "acc", value: "1")]])
        #expect(metadata.signature?.inputs.first?.size == [3])
    }

    @Test(arguments: [
        ("formt: ONNX", #"ormbfile.yaml: unknown field "formt"; did you mean "format"?"#),
        ("gputype: x", #"ormbfile.yaml: unknown field "gputype"; did you mean "gpuType"?"#),
        (
            "signature: {input: []}",
            #"ormbfile.yaml: unknown field "signature.input"; did you mean "signature.inputs"?"#
        ),
        ("tags: cv", #"ormbfile.yaml: tags must be a list, not "cv""#),
        ("author: [a]", "ormbfile.yaml: author must be a string, not a list"),
        (
            "signature: {inputs: [{name: x, size: [a]}]}",
            #"ormbfile.yaml: signature.inputs[0].size[0] must be a whole number, not "a""#
        ),
        ("training: {git: 3}", #"ormbfile.yaml: training.git must be an object, not a string"#),
        ("[a, b]", "ormbfile.yaml: the document must be an object, not a list"),
        ("a: [", "ormbfile.yaml is not YAML: line "),
    ])
    func mistakesAreNamed(text: String, message: String) throws {
        let error = try #require(throws: BundleError.self) { try Self.metadata(text) }
        #expect(error.message.hasPrefix(message), "\(error)")
    }

    /// What others have stored has to be readable.
    @Test func bundlesMayHaveAnyFields() throws {
        let document: JSONValue = ["formt": "x", "format": "ONNX", "signature": ["input": []]]
        #expect(try BundleMetadata(reading: document, from: "config").format == "ONNX")
    }

    @Test func whatIsUnknownAndLikeNothingIsIgnored() throws {
        #expect(try Self.metadata("format: PMML\nowner: ann\n").format == "PMML")
    }

    private static func metadata(_ text: String) throws -> BundleMetadata {
        let directory = FilePath("/tmp/metadata-\(UInt64.random(in: 0 ... .max))")
        try directory.appending("ormbfile.yaml").write(text.utf8)
        defer { try? directory.removeTree() }
        return try #require(try MetadataFile.read(in: directory))
    }
}
