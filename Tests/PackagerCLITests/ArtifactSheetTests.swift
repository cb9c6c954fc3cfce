import JSON
import Testing

@testable import PackagerCLI

@Suite struct ArtifactSheetTests {
    private let info: JSONValue = [
        "name": "wine.zip", "version": 2, "defaultVersion": 2, "versions": [1, 2], "size": 48_213,
        "digest": "sha256:2f1c", "createdAt": "2026-10-02T09:30:00.120Z", "description": "the second harvest",
        "kind": "mlflow", "inspection": "done",
        "model": [
            "name": "wine", "version": "1", "flavors": ["python_function", "sklearn"], "python": "3.11.9",
            "requirements": ["numpy==1.26.4", "scikit-learn==1.5.2"], "parts": [], "fileCount": 12,
            "files": .array((1...12).map { ["path": .string("f\($0)"), "size": 1000] }),
            "signature": [
                "inputs": [["name": "alcohol", "type": "double", "required": true]],
                "outputs": [["type": "float32", "shape": [-1, 3], "required": true]],
            ],
        ],
    ]

    @Test func saysAllThatIsKnown() {
        let files = (1...10).map { "f\($0) (1.0 kB)" }.joined(separator: ", ")
        #expect(
            ArtifactSheet(info).text == """
                wine.zip@2, the default version
                  description   the second harvest
                  versions      1, 2
                  size          48.2 kB
                  digest        sha256:2f1c
                  created       2026-10-02T09:30:00.120Z
                  kind          mlflow
                  model         wine 1
                  flavors       python_function, sklearn
                  python        3.11.9
                  requirements  numpy==1.26.4, scikit-learn==1.5.2
                  inputs        alcohol: double
                  outputs       float32[-1,3]
                  files         \(files), 2 more
                """
        )
    }

    @Test(arguments: [
        ("pending", "the server looks into it now; ask again"), ("failed", "none: it is empty"),
    ])
    func saysWhyThereIsNoModel(inspection: String, words: String) {
        let info: JSONValue = [
            "name": "a", "version": 1, "defaultVersion": 2, "versions": [1, 2], "createdAt": "now",
            "inspection": .string(inspection), "problem": "it is empty",
        ]
        #expect(
            ArtifactSheet(info).text == """
                a@1
                  versions  1, 2
                  size      a directory
                  created   now
                  model     \(words)
                """
        )
    }
}
