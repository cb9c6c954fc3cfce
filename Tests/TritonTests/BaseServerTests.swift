import ImageAssembler
import JSON
import OCI
import Testing
import TrainedModels

@testable import Triton

@Suite("The server of a base image")
struct BaseServerTests {
    @Test(arguments: [
        ("2.51.0", "24.10"), ("2.52.0", "24.11"), ("2.54.0", "25.01"), ("2.56.0", "25.03"), ("2.59.1", "25.06"),
        ("2.60.0", "25.08"), ("2.64.0", "25.12"), ("2.67.0", "26.03"), ("2.72.0", "26.08"), ("2.73.0dev", "26.09"),
        ("2.32.0", "23.03"), ("2.9.0", "21.04"), ("2.5.0", "20.11"), ("2.4.0", nil), ("1.15.0", nil), ("3.0.0", nil),
        ("2", nil), ("", nil), ("2.x", nil), ("2.99999999999999999999", nil), ("2.-1", nil),
    ])
    func `Its version is a release's`(version: String, release: String?) throws {
        #expect(try ReleaseTable.builtIn().release(ofServer: version)?.description == release)
    }

    private func base(_ variables: [String]) -> ImageConfiguration {
        var execution = ImageConfiguration.Execution()
        execution.environment = variables
        return ImageConfiguration(
            platform: Platform(architecture: "amd64"),
            execution: execution,
            diffIDs: [],
            history: nil,
            created: nil
        )
    }

    private func model(_ requirements: [String], python: String? = nil) -> TrainedModel {
        TrainedModel(
            name: "wine",
            version: "1",
            kind: .gppi(workDirectory: "m", entrypoint: "e"),
            files: [],
            environment: EnvironmentRequirements(pythonVersion: python, requirements: requirements),
            signature: nil
        )
    }

    private func environment(of recipe: ImageRecipe) -> JSONValue? {
        for case .generated(_, let parameters) in recipe.layers { return parameters }
        return nil
    }

    private static let arguments: [String: JSONValue] = ["dockerfileBaseImage": "base/triton:1"]

    @Test func `Limits of NumPy and Python follow from the configuration`() throws {
        func parameters(_ variables: [String]) throws -> JSONValue? {
            environment(of: try Triton().recipe(for: model([]), arguments: Self.arguments, on: base(variables)))
        }
        let old = try parameters(["TRITON_SERVER_VERSION=2.51.0"])
        #expect(old?["constraints"] == ["numpy<2"] && old?["python"] == "3.10")
        let own = try parameters(["TRITON_SERVER_VERSION=2.51.0", "PYTHON_VERSION=3.11.2"])
        #expect(own?["constraints"] == ["numpy<2"] && own?["python"] == "3.11")
        let new = try parameters(["TRITON_SERVER_VERSION=2.72.0"])
        #expect(new?["constraints"] == [] && new?["python"] == "3.12")
        let unknown = try parameters(["PATH=/bin"])
        #expect(unknown?["constraints"] == [] && unknown?["python"] == nil)
    }

    @Test(arguments: [
        (
            ["numpy==2.1.0"], "3.11", ["TRITON_SERVER_VERSION=2.51.0", "PYTHON_VERSION=3.11.2"],
            "the model needs NumPy 2, and with the Python backend of 24.10 every answer of NumPy 2 is broken "
                + "(dockerfileBaseImage has the server 2.51.0, which is of release 24.10); "
        ),
        (
            [], "3.11", ["TRITON_SERVER_VERSION=2.51.0"],
            "the model needs Python 3.11, and the Python backend of 24.10 runs Python 3.10"
        ),
        (
            [], "3.12", ["TRITON_SERVER_VERSION=2.35.0", "PYTHON_VERSION=3.12.1"],
            "takes no environment that is a directory; 23.07 is the first to (dockerfileBaseImage has the server 2.35.0, "
                + "which is of release 23.06); take an image of release 24.11, or triton_base_image_tag 24.11-py3 in "
                + "place of dockerfileBaseImage"
        ),
    ])
    func `A server that cannot serve the model`(
        requirements: [String],
        python: String,
        variables: [String],
        expected: String
    ) throws {
        let model = model(requirements, python: python)
        // Nothing is wrong as long as nobody knows what is in the image.
        _ = try Triton().recipe(for: model, arguments: Self.arguments)
        let error = #expect(throws: TritonError.self) {
            try Triton().recipe(for: model, arguments: Self.arguments, on: base(variables))
        }
        #expect(error?.code == .incompatible)
        #expect(error?.reason.contains(expected) == true, "\(error?.reason ?? "")")
    }

    @Test func `The base that was chosen for the model stays`() throws {
        let plain = try Triton().recipe(for: model([], python: "3.12"), arguments: [:])
        let variables = ["TRITON_SERVER_VERSION=2.72.0"]
        #expect(try Triton().recipe(for: model([], python: "3.12"), arguments: [:], on: base(variables)) == plain)
    }
}
