import Testing

@testable import TrainedModels

struct CondaTests {
    private func environment(_ conda: String) async throws -> EnvironmentRequirements {
        let model = try await inspect(gppi.with("odahuflow_model/conda.yaml", conda))
        return try #require(model.environment)
    }

    @Test(arguments: [
        ("numpy", "numpy"), ("numpy=1.2", "numpy==1.2.*"), ("numpy==1.2", "numpy==1.2"), ("numpy 1.2", "numpy==1.2"),
        ("numpy=1.2.*", "numpy==1.2.*"), ("numpy 1.2.*", "numpy==1.2.*"), ("numpy 1.2*", "numpy==1.2.*"),
        ("numpy=*", "numpy"),
        ("numpy *", "numpy"), ("numpy>=1,<2", "numpy>=1,<2"), ("numpy >=1, <2", "numpy>=1,<2"),
        ("numpy!=1.3", "numpy!=1.3"),
        ("numpy >=1.2.*", "numpy>=1.2"), ("numpy~=1.2", "numpy~=1.2"), ("numpy ~=1", "numpy>=1,==1.*"),
        ("numpy=1.2=py39_0", "numpy==1.2"), ("numpy==1.2=py39_0", "numpy==1.2"), ("numpy 1.2 py39_0", "numpy==1.2"),
        ("numpy=1.2.*=*", "numpy==1.2.*"), ("numpy>=1.2,<=2", "numpy>=1.2,<=2"),
        ("numpy>=1,!=1.3,<2", "numpy>=1,!=1.3,<2"),
        ("numpy=1.2|1.3", "numpy==1.3"), ("numpy 1.2.*|1.4.*", "numpy==1.4.*"), ("numpy=1.2.0rc1", "numpy==1.2.0rc1"),
        ("numpy[version='>=1.2,<2']", "numpy>=1.2,<2"), ("numpy[version=1.2, build=x]", "numpy==1.2"),
        ("conda-forge::numpy=1.2", "numpy==1.2.*"), ("NumPy=1.2", "numpy==1.2.*"),
        ("numpy=1.2 # pinned", "numpy==1.2.*"),
        ("pytorch=2.1", "torch==2.1.*"), ("pytorch-cpu==2.1.0", "torch==2.1.0"), ("py-xgboost=1.7", "xgboost==1.7.*"),
        ("opencv==4.6.0", "opencv-python-headless==4.6.0.*"), ("opencv", "opencv-python-headless"),
        ("pillow", "pillow"),
        ("matplotlib-base>=3", "matplotlib>=3"), ("setuptools", "setuptools"),
    ])
    func packagesAreMapped(conda: String, requirement: String) async throws {
        let environment = try await environment("dependencies: [\"\(conda)\"]")
        #expect(environment.requirements == [requirement])
        #expect(environment.notes.count == 1)
        #expect(environment.notes.first?.contains("PyPI's \(requirement)") ?? false)
    }

    @Test(arguments: [
        ("python=3.11.7", "3.11.7"), ("python==3.11.7", "3.11.7"), ("python=3.11", "3.11"), ("python 3.11", "3.11"),
        ("python=3.11.*", "3.11"), ("python>=3.9", "3.9"), ("python>=3.9,<3.12", "3.9"),
        ("python <3.12,>=3.9.2", "3.9"),
        ("python~=3.10", "3.10"), ("python=3.8.13=h582c2e5_0_cpython", "3.8.13"), ("python", nil), ("python<3.12", nil),
        ("python=3", nil),
        ("python=3.9|3.10", "3.10"),
    ])
    func python(conda: String, version: String?) async throws {
        let environment = try await environment("dependencies: ['\(conda)']")
        #expect(environment.pythonVersion == version)
        #expect(environment.requirements == [])
        #expect(environment.notes.count == 1)
    }

    @Test(arguments: [
        "pip=23", "wheel", "libgcc-ng=12", "_libgcc_mutex=0.1=main", "openssl=3", "ca-certificates", "mkl",
        "cudatoolkit=11.8", "ld_impl_linux-64",
    ])
    func systemLibrariesAreLeftOut(conda: String) async throws {
        let environment = try await environment("channels: [defaults]\ndependencies: ['\(conda)']")
        #expect(environment.requirements == [])
        #expect(environment.notes.last?.contains("left out") ?? false)
    }

    @Test func pipSections() async throws {
        let conda = """
            name: model
            channels: [conda-forge, "https://user:secret@conda.example/x"]
            prefix: /opt/conda/envs/x
            dependencies:
              - pip
              - pip:
                - torch==2.1.0+cpu ; python_version >= "3.8"
                - --extra-index-url https://user:secret@host/simple
                - -c constraints.txt
                - -r more/requirements.txt
                - package[extra] @ https://host/package-1.0-py3-none-any.whl
            """
        let files = gppi.with("odahuflow_model/conda.yaml", conda).with("odahuflow_model/constraints.txt", "numpy<2\n")
            .with("odahuflow_model/more/requirements.txt", "-r ./base.txt\nb\n").with(
                "odahuflow_model/more/base.txt",
                "a\n"
            )
        let environment = try #require(try await inspect(files).environment)
        #expect(
            environment.requirements == [
                "torch==2.1.0+cpu ; python_version >= \"3.8\"", "a", "b",
                "package[extra] @ https://host/package-1.0-py3-none-any.whl",
            ]
        )
        #expect(environment.constraints == ["numpy<2"])
        #expect(!environment.notes.joined().contains("secret"))
        #expect(environment.notes.contains { $0.contains("--extra-index-url") })
    }

    @Test(arguments: [
        ("dependencies: [r-base, git]", "r-base, git are no Python package"),
        ("dependencies: [numpy, someproject, another=1]", "someproject, another are not known"),
    ])
    func packagesThatOnlyCondaHasAreNamed(conda: String, text: String) async throws {
        let source = try #require(try await environment(conda).conda)
        let error = #expect(throws: ModelError.self) { try source.requireCounterparts() }
        #expect(error?.code == .environment)
        #expect(error?.file == "odahuflow_model/conda.yaml")
        #expect(error?.description.contains(text) ?? false, "\(error?.description ?? "")")
        #expect(error?.description.contains("argument conda") ?? false)
    }

    @Test func theSourceIsKeptAsWritten() async throws {
        let environment = try await environment(
            """
            channels: [conda-forge, "https://user:secret@conda.example/x"]
            dependencies: [python=3.11, "winelib >=1.0  # ours", numpy=1.26=py311_0, git, pip, pip: [tabulate>=0.9]]
            """
        )
        var source = CondaSource(file: "odahuflow_model/conda.yaml")
        source.channels = ["conda-forge", "https://conda.example/x"]
        source.specs = ["python=3.11", "winelib >=1.0", "numpy=1.26=py311_0", "git", "pip"]
        source.pip = ["tabulate>=0.9"]
        source.unknown = ["winelib"]
        source.system = ["git"]
        #expect(environment.conda == source)
        #expect(environment.requirements == ["numpy==1.26", "tabulate>=0.9"])
    }

    @Test(arguments: [
        ("dependencies: [numpy=1.2a_b]", "cannot be said in PEP 440"),
        ("dependencies: ['numpy=^1.2$']", "cannot be said in PEP 440"),
        ("dependencies: [python=2.7]", "only Python 3"),
        ("dependencies: ['https://host/numpy.conda']", "by its address"),
        ("dependencies: ['numpy[version=1']", "the bracket has no end"),
        ("dependencies: {numpy: 1}", "dependencies is not a list"),
        ("dependencies: [{npm: [x]}]", "a section npm"),
        ("dependencies: [[numpy]]", "neither a string nor the pip section"),
        ("name: x", "dependencies is not set"),
        ("- numpy", "not a mapping"),
        ("dependencies: [numpy", "it is not YAML: line"),
        ("dependencies: [{pip: [3: x]}]", "not a list of strings"),
    ])
    func mistakesAreNamed(conda: String, text: String) async throws {
        let error = await #expect(throws: ModelError.self) { _ = try await environment(conda) }
        #expect(error?.code == .environment)
        #expect(error?.file == "odahuflow_model/conda.yaml")
        #expect(error?.description.contains(text) ?? false, "\(error?.description ?? "")")
    }
}
