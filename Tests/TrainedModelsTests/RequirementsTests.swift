import Testing

@testable import TrainedModels

struct RequirementsTests {
    private func environment(_ requirements: String) async throws -> EnvironmentRequirements {
        let bare = mlmodel.replacing("env: {conda: conda.yaml, virtualenv: python_env.yaml}, ", with: "")
        let model = try await inspect(["MLmodel": bare, "requirements.txt": requirements])
        return try #require(model.environment)
    }

    @Test func requirementsAreRead() async throws {
        let text = """
            # the model's own
            numpy==1.24.3   # pinned
            pandas >= 1.5, < 3 ; \\
                python_version < "3.13"
            scipy==1.11.0 \\
                --hash=sha256:aaaa \\
                --hash=sha256:bbbb
            typing_extensions (>=4)
            package @ https://host/p.whl#sha256=aaaa
            a.b_c-d[x,y]~=1.0

            """
        let environment = try await environment(text)
        #expect(
            environment.requirements.map { $0.split(separator: " ").joined(separator: " ") } == [
                "numpy==1.24.3", "pandas >= 1.5, < 3 ; python_version < \"3.13\"", "scipy==1.11.0",
                "typing_extensions (>=4)",
                "package @ https://host/p.whl#sha256=aaaa", "a.b_c-d[x,y]~=1.0",
            ]
        )
        #expect(environment.notes.count == 1 && environment.notes[0].contains("hashes"))
    }

    @Test(arguments: [
        ("-e git+https://host/x#egg=x", "editable install"), ("--editable .", "editable install"),
        ("./wheels/x-1.0.whl", "path on the training machine"), ("/home/me/x", "path on the training machine"),
        ("file:///x", "path on the training machine"), ("x-1.0-py3-none-any.whl", "a file on the training machine"),
        ("numpy @ file:///croot/numpy_1/work", "training machine"),
        ("https://user:secret@host/x.whl?token=secret", "bare address"), ("git+https://host/x", "bare address"),
        ("numpy=1.2", "has \"=1.2\" for a version"), ("numpy 1.2", "for a version"), ("numpy==", "for a version"),
        ("==1.0", "not a requirement"), ("[x", "not a requirement"), ("x[y", "extras without an end"),
        ("--frobnicate", "--frobnicate is not known"), ("-r gone.txt", "\"gone.txt\""), ("-r ../x.txt", "outside"),
        ("-r requirements.txt", "includes itself"),
    ])
    func mistakesAreNamed(line: String, text: String) async throws {
        let error = await #expect(throws: ModelError.self) { _ = try await environment(line) }
        let description = try #require(error?.description)
        #expect(description.hasPrefix("requirements.txt: "))
        #expect(description.contains(text), "\(description)")
        #expect(!description.contains("secret"))
    }
}
