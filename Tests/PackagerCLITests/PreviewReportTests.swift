import FoundationEssentials
import JSON
import PackagerCore
import Testing

@testable import PackagerCLI

/// What a dry run prints.
@Suite struct PreviewReportTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    private static func preview(resolved: Bool = true) throws -> PackagingPreview {
        let document: JSONValue = [
            "integration": "docker-rest", "builder": "native", "image": "127.0.0.1:5080/wine:1",
            "targets": [["name": "docker-push", "connectionName": "ci"]],
            "model": ["name": "wine", "version": "1.0", "kind": "mlflow", "files": 5, "bytes": 2048],
            "arguments": [:],
            "base": ["image": "python:3.11-slim", "digest": .string(digest), "platform": "linux/amd64"],
            "layers": [
                [
                    "kind": "base", "name": "base python:3.11-slim", "paths": [], "from": "base",
                    "digest": .string(digest),
                    "size": 1024,
                ],
                ["kind": "files", "name": "wrapper", "paths": ["/opt/a", "/opt/b", "/opt/c"], "from": "built"],
                ["kind": "python-environment", "name": "python-environment", "paths": ["/opt/venv"]],
            ],
            "configuration": [
                "entrypoint": ["/opt/a", "-x"], "command": [], "environment": [:], "user": "65532:65532",
                "workingDirectory": "/", "ports": ["5000/tcp"], "labels": [:],
            ],
            "annotations": [:],
            "environment": resolved ? ["packages": [["name": "numpy", "version": "2.2.0"]]] : .null,
        ]
        return try document.decode()
    }

    @Test func aPersonSeesWhatWouldBeMade() throws {
        let lines = try PreviewReport([Self.preview()]).render(as: .table).split(separator: "\n").map(String.init)
        for line in [
            "image       127.0.0.1:5080/wine:1", "targets     docker-push ci",
            "made by     docker-rest, builder native", "entrypoint  /opt/a -x", "user        65532:65532",
            "ports       5000/tcp", "packages    numpy 2.2.0",
        ] {
            #expect(lines.contains(line), "\(lines)")
        }
        #expect(lines.contains { $0.hasPrefix("LAYER ") && $0.contains("FILLS") })
        #expect(
            lines.contains { $0.hasPrefix("wrapper ") && $0.contains("/opt/a and 2 more") && $0.hasSuffix("built") }
        )
        #expect(lines.last?.hasSuffix("not known yet") == true)
        let unresolved = try PreviewReport([Self.preview(resolved: false)]).text
        #expect(unresolved.contains("packages    not resolved yet"))
    }

    @Test func programsGetTheDocument() throws {
        let preview = try Self.preview()
        let text = try PreviewReport([preview, preview]).render(as: .json)
        let documents: [PackagingPreview] = try CanonicalJSON.decode(from: Data(text.utf8))
        #expect(documents == [preview, preview])
        #expect(try PreviewReport([preview]).render(as: .yaml).contains("- name: numpy\n"))
    }
}
