import ImageAssembler
import OCI
import SystemPackage
import Testing

@testable import PythonLayers

/// Which Python of a base counts, and what it finds.
@Suite struct BaseEnvironmentTests {
    /// A base as its layers and its configuration show it.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var variables: [String] = []
        var label: String?
        var interpreters: [String]
        var conda: Set<String> = []
        var environments: [String: String] = [:]
        var wanted: PythonVersion?
        /// Nil where there is none of that version.
        var interpreter: String?
        /// The directories below, in order, of which packages are found.
        var directories: [String] = []
        var extends = false

        /// One distribution in each of these.
        static let all = [
            "usr/lib/python3/dist-packages", "usr/local/lib/python3.11/dist-packages",
            "usr/local/lib/python3.11/site-packages", "opt/conda/lib/python3.8/site-packages",
            "opt/conda/envs/odahu_model/lib/python3.9/site-packages", "opt/venv/lib/python3.11/site-packages",
            "app/.venv/lib/python3.11/site-packages",
        ]
    }

    private static let debian = ["usr/lib/python3/dist-packages"]
    private static let path = "PATH=/usr/local/bin:/usr/bin:/bin"
    private static let condaPath = "PATH=/opt/conda/envs/odahu_model/bin:/opt/conda/bin:/usr/local/bin:/usr/bin"
    private static let condas = ["opt/conda/bin/python3.8", "opt/conda/envs/odahu_model/bin/python3.9"]
    private static let odahu: Set = ["opt/conda", "opt/conda/envs/odahu_model"]

    static let cases = [
        Case(
            testDescription: "Debian's",
            variables: [path],
            interpreters: ["usr/bin/python3.11"],
            wanted: PythonVersion(3, 11),
            interpreter: "/usr/bin/python3.11",
            directories: [
                "usr/local/lib/python3.11/dist-packages", "usr/lib/python3/dist-packages",
                "usr/local/lib/python3.11/site-packages",
            ]
        ),
        Case(
            testDescription: "the official image's beside Debian's",
            variables: [path, "PYTHON_VERSION=3.11.9"],
            interpreters: ["usr/bin/python3.11", "usr/local/bin/python3.11"],
            interpreter: "/usr/local/bin/python3.11",
            directories: ["usr/local/lib/python3.11/site-packages"]
        ),
        Case(
            testDescription: "Debian's, which the label names, beside the official image's",
            variables: [path, "PYTHON_VERSION=3.11.9"],
            label: "/usr/bin/python3.11",
            interpreters: ["usr/bin/python3.11", "usr/local/bin/python3.11"],
            interpreter: "/usr/bin/python3.11",
            directories: ["usr/local/lib/python3.11/dist-packages", "usr/lib/python3/dist-packages"]
        ),
        Case(
            testDescription: "the official image, of whose own layers nothing is read",
            variables: [path, "PYTHON_VERSION=3.11.9"],
            interpreters: [],
            wanted: PythonVersion(3, 11),
            interpreter: "/usr/local/bin/python3.11",
            directories: ["usr/local/lib/python3.11/site-packages"]
        ),
        Case(
            testDescription: "ODAHU's base: Conda's environment before Conda's own, and the official image's below",
            variables: [condaPath, "PYTHON_VERSION=3.6.12"],
            interpreters: condas,
            conda: odahu,
            wanted: PythonVersion(3, 9),
            interpreter: "/opt/conda/envs/odahu_model/bin/python3.9",
            directories: ["opt/conda/envs/odahu_model/lib/python3.9/site-packages"]
        ),
        Case(
            testDescription: "Conda's own, which is not first on the path",
            variables: [condaPath],
            interpreters: condas,
            conda: odahu,
            wanted: PythonVersion(3, 8),
            interpreter: "/opt/conda/bin/python3.8",
            directories: ["opt/conda/lib/python3.8/site-packages"]
        ),
        Case(
            testDescription: "Conda's, which is not on the path at all",
            variables: [path],
            interpreters: ["opt/conda/bin/python3.8"],
            conda: ["opt/conda"],
            interpreter: "/opt/conda/bin/python3.8",
            directories: ["opt/conda/lib/python3.8/site-packages"]
        ),
        Case(
            testDescription: "an image of ours",
            variables: ["PATH=/opt/venv/bin:/usr/bin"],
            interpreters: ["usr/bin/python3.11", "opt/venv/bin/python3.11"],
            environments: ["opt/venv": "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11\n"],
            wanted: PythonVersion(3, 11),
            interpreter: "/usr/bin/python3.11",
            directories: ["opt/venv/lib/python3.11/site-packages"],
            extends: true
        ),
        Case(
            testDescription: "an environment in our place that sees the system's packages",
            interpreters: [],
            environments: [
                "opt/venv": "home=/usr/local/bin\nInclude-System-Site-Packages = True\nversion_info = 3.11.2.final.0\n"
            ],
            interpreter: "/usr/local/bin/python3.11",
            directories: ["opt/venv/lib/python3.11/site-packages", "usr/local/lib/python3.11/site-packages"],
            extends: true
        ),
        Case(
            testDescription: "an environment in our place, of another Python",
            variables: [path],
            interpreters: ["usr/bin/python3.11"],
            environments: ["opt/venv": "home = /opt/other\nversion = 3.12.1\n"],
            wanted: PythonVersion(3, 11),
            interpreter: "/usr/bin/python3.11",
            directories: [
                "usr/local/lib/python3.11/dist-packages", "usr/lib/python3/dist-packages",
                "usr/local/lib/python3.11/site-packages",
            ]
        ),
        Case(
            testDescription: "a virtual environment elsewhere is no interpreter",
            variables: ["PATH=/app/.venv/bin:/usr/bin"],
            interpreters: ["app/.venv/bin/python3.11"],
            environments: ["app/.venv": "home = /usr/bin\nversion = 3.11\n"],
            wanted: PythonVersion(3, 11)
        ),
        Case(
            testDescription: "none of that version",
            variables: [path],
            interpreters: ["usr/bin/python3.11"],
            wanted: PythonVersion(3, 12)
        ),
    ]

    @Test(arguments: cases) func isFound(of base: Case) throws {
        var contents = BaseContents([])
        contents.interpreters = base.interpreters
        contents.condaPrefixes = base.conda
        contents.environments = base.environments
        contents.distributions = Case.all.map {
            BaseDistribution(name: "a", version: "1", metadata: "\($0)/a-1.dist-info/METADATA")
        }
        let image = try baseImage(label: base.label, environment: base.variables)
        let (found, _) = BaseEnvironment.find(
            in: contents,
            of: image.configuration,
            wanted: base.wanted,
            prefix: "/opt/venv"
        )
        #expect(found?.interpreter.path == base.interpreter)
        #expect((found.map { $0.own + $0.system } ?? []).map(\.directory) == base.directories)
        #expect((found?.isExtended ?? false) == base.extends)
    }

    @Test func officialLayersAreNotRead() throws {
        let official = [
            "# debian.sh --arch 'amd64' out/ 'bookworm'", "RUN /bin/sh -c set -eux; apt-get update",
            "RUN /bin/sh -c set -eux; wget -O python.tar.xz …",
            "RUN /bin/sh -c set -eux; \tfor src in idle3 pip3 pydoc3 python3 python3-config; do …",
        ]
        let layers = (0..<5).map { number in
            (Descriptor(mediaType: .ociLayerGzip, digest: .sha256(of: [UInt8(number)]), size: 1), BlobContent.bytes([]))
        }
        func read(_ history: [String], _ count: Int, variables: [String] = ["PYTHON_VERSION=3.12.1"]) throws -> Int {
            let base = try baseImage(environment: variables, history: history, layers: Array(layers[..<count]))
            return BaseEnvironmentFinder.layersWithPackages(of: base).count
        }
        #expect(try read(official, 4) == 0)
        #expect(try read(official + ["RUN /bin/sh -c pip install numpy"], 5) == 1)
        #expect(try read(official.dropLast() + ["wget -O get-pip.py \"$PYTHON_GET_PIP_URL\""], 4) == 0)
        // A history that does not fit the layers, and another image with the same words in it, say nothing.
        #expect(try read(official, 5) == 5)
        #expect(try read(official, 4, variables: []) == 4)
        #expect(try read(["RUN pip install numpy"], 1) == 1)
    }

    @Test func aBaseThatIsTooLargeIsLeftAlone() async throws {
        try await withWorkshop { directory in
            let huge = Descriptor(mediaType: .ociLayerGzip, digest: .sha256(of: [1]), size: .max)
            let base = try baseImage(layers: [(huge, .bytes([]))])
            let cache = CacheDirectory(root: directory.appending("cache"))
            let finder = BaseEnvironmentFinder(cache: cache, limit: 1 << 30, prefix: "/opt/venv")
            #expect(try await finder.environment(of: base, wanted: nil, quiet) == nil)
        }
    }
}
