import FileSystem
import ImageAssembler
import JSON
import OCI
import SystemPackage
import Testing

@testable import PythonLayers

/// What layers of base images say of Python, read from real tars.
@Suite struct BaseLayerTests {
    private static let site = "usr/local/lib/python3.12/site-packages"

    @Test(arguments: ["w", "w:gz"]) func findsInterpretersAndDistributions(mode: String) async throws {
        let conda = "opt/conda/lib/python3.8/site-packages"
        let layer = try await LayerMaker.read(
            [
                .device("dev/null"), .directory("usr/lib/python3/dist-packages/six-1.16.0.egg-info"),
                .file("usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO", "Name: six\nVersion: 1.16.0\n"),
                .file("usr/lib/python3/dist-packages/Old_Name-1.egg-info", "Name: Old_Name\r\nVersion: 1\r\n\r\n"),
                .file("./usr/local/bin/python3.12", "elf"), .symbolicLink("usr/local/bin/python3", to: "python3.12"),
                .file("usr/local/bin/python3.12-config"), .distribution("./" + Self.site, "numpy", "1.26.4"),
                .file("opt/conda/bin/python3.8", "elf"),
                .file("opt/conda/conda-meta/python-3.8.20-h4a871b0_2_cpython.json", "{}"),
                .distribution(conda, "pandas", "2.0.3"),
                .hardLink(
                    "opt/conda/pkgs/pandas-2.0.3/\(conda.dropFirst("opt/conda/".count))/pandas-2.0.3.dist-info/METADATA",
                    to: "\(conda)/pandas-2.0.3.dist-info/METADATA"
                ),
                .file("opt/venv/pyvenv.cfg", "home = /usr/local/bin\nversion = 3.12.1\n"),
                .distribution("opt/venv/lib/python3.12/site-packages", "scikit_learn", "1.5.0"),
                // Parts of other packages, which no interpreter finds.
                .distribution("\(Self.site)/setuptools/_vendor", "packaging", "24.0"),
                .distribution("usr/share/doc", "doc", "1"),
            ],
            mode: mode
        )
        #expect(
            BaseContents([layer]).listing == [
                "numpy 1.26.4 @ \(Self.site)", "old-name 1 @ usr/lib/python3/dist-packages",
                "pandas 2.0.3 @ \(conda)",
                "pandas 2.0.3 @ opt/conda/pkgs/pandas-2.0.3/lib/python3.8/site-packages",
                "scikit-learn 1.5.0 @ opt/venv/lib/python3.12/site-packages",
                "six 1.16.0 @ usr/lib/python3/dist-packages",
            ]
        )
        #expect(layer.interpreters.sorted() == ["opt/conda/bin/python3.8", "usr/local/bin/python3.12"])
        #expect(BaseContents([layer]).condaPrefixes == ["opt/conda"])
        #expect(Array(layer.environments.keys) == ["opt/venv"])
    }

    @Test(
        arguments: [
            // A distribution that is deleted, and the same by the directories above it.
            ([.file("\(site)/.wh.numpy-1.26.4.dist-info")], ["pandas 2.0.3", "six 1.16.0"]),
            ([.file("\(site)/numpy-1.26.4.dist-info/.wh.METADATA")], ["pandas 2.0.3", "six 1.16.0"]),
            ([.file("usr/local/.wh.lib")], []),
            ([.file("\(site)/.wh..wh..opq")], []),
            ([.file(".wh..wh..opq")], []),
            ([.file("usr/.wh.loca")], ["numpy 1.26.4", "pandas 2.0.3", "six 1.16.0"]),
            // Deletions concern what is below only.
            (
                [.file("\(site)/.wh..wh..opq"), .distribution(site, "numpy", "2.0.0")],
                ["numpy 2.0.0"]
            ),
            (
                [.file("\(site)/.wh.numpy-1.26.4.dist-info"), .distribution(site, "numpy", "1.25.0")],
                ["numpy 1.25.0", "pandas 2.0.3", "six 1.16.0"]
            ),
            // A link, or a file, where a directory was.
            ([.symbolicLink(site, to: "/elsewhere")], []),
            ([.file("usr/local/lib")], []),
            // Pandas is whole no more: its package is gone, by its RECORD.
            ([.file("\(site)/.wh.pandas")], ["numpy 1.26.4", "six 1.16.0"]),
            // Its tests are not missed.
            ([.file("\(site)/pandas/.wh.tests")], ["numpy 1.26.4", "pandas 2.0.3", "six 1.16.0"]),
            (
                [.distribution(site, "Six", "1.17.0"), .file("\(site)/.wh.six-1.16.0.dist-info")],
                ["numpy 1.26.4", "pandas 2.0.3", "six 1.17.0"]
            ),
        ] as [([LayerMaker.Member], [String])]
    )
    func laterLayersHide(upper: [LayerMaker.Member], visible: [String]) async throws {
        let lower = try await LayerMaker.read([
            .distribution(Self.site, "numpy", "1.26.4"), .distribution(Self.site, "six", "1.16.0"),
            .distribution(Self.site, "pandas", "2.0.3"),
            .file("\(Self.site)/pandas-2.0.3.dist-info/RECORD", "pandas/__init__.py,,\npandas/tests/test.py,,\n"),
        ])
        let contents = BaseContents([lower, try await LayerMaker.read(upper)])
        #expect(contents.listing == visible.map { "\($0) @ \(Self.site)" })
        // The other way round, nothing is hidden.
        #expect(BaseContents([BaseLayer(), lower]).distributions.count == 3)
    }

    @Test func interpretersAndEnvironmentsCanBeDeleted() async throws {
        let lower = try await LayerMaker.read([
            .file("usr/bin/python3.11"), .file("opt/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11\n"),
            .file("opt/conda/conda-meta/python-3.8.5-0.json"),
        ])
        let upper = try await LayerMaker.read([
            .file("opt/.wh.venv"), .file("usr/bin/.wh.python3.11"), .file("opt/conda/.wh.conda-meta"),
        ])
        #expect(BaseContents([lower, upper]) == BaseContents([]))
    }

    @Test(arguments: [
        "Name: a b\nVersion: 1\n", "Version: 1\n", "Name: a\n", "Name: a\nVersion: 1; rm\n", "Name: \nVersion: 1\n",
        "Name: a\"\nVersion: 1\n", "Name: ../a\nVersion: 1\n", "Name: ａ\nVersion: 1\n", "\nName: a\nVersion: 1\n",
        "Name: a\nVersion: 1\u{2028}2\n", "Name: a\nVersion: \(String(repeating: "1", count: 300))\n",
    ]) func doesNotTakeNonsenseForADistribution(metadata: String) async throws {
        let layer = try await LayerMaker.read([.file("\(Self.site)/a-1.dist-info/METADATA", metadata)])
        #expect(layer == BaseLayer())
    }

    @Test func hostileNamesAreNoPlaces() async throws {
        let long = String(repeating: "d/", count: 3000)
        let layer = try await LayerMaker.read([
            .distribution("../../\(Self.site)", "a", "1"), .distribution("x/../\(Self.site)", "b", "1"),
            .distribution(long + Self.site, "c", "1"), .file("../bin/python3.11"), .file("bin/python3.11\u{7}"),
            .hardLink("\(Self.site)/d-1.dist-info/METADATA", to: "../../etc/passwd"),
            .symbolicLink("\(Self.site)/e-1.dist-info/METADATA", to: "/etc/passwd"),
            .file("pyvenv.cfg", "home = /usr/bin\nversion = 3.11\n"),
            .bytes("opt/venv/pyvenv.cfg", count: 5000),
        ])
        #expect(BaseContents([layer]) == BaseContents([]))
    }

    @Test func recordsLeadNowhereElse() async throws {
        let record = """
            a/__init__.py,,
            ../../../../bin/tool,,
            ../../../../../../../../../etc/passwd,,
            /etc/passwd,,
            "quoted, name.py",,

            """
        let layer = try await LayerMaker.read([
            .distribution(Self.site, "a", "1"), .file("\(Self.site)/a-1.dist-info/RECORD", record),
            .distribution(Self.site, "b", "1"), .bytes("\(Self.site)/b-1.dist-info/RECORD", count: 17 << 20),
        ])
        #expect(layer.distributions.map(\.name) == ["a", "b"])
        #expect(
            layer.distributions[0].roots == ["usr/bin/tool", "\(Self.site)/a", "\(Self.site)/quoted, name.py"]
        )
        #expect(layer.distributions[1].roots == nil)
    }

    @Test func endlessListsAreRefused() async throws {
        let name = String(repeating: "n", count: 4000)
        let members = (0..<9000).map { LayerMaker.Member.file("x/.wh.\($0)\(name)") }
        let error = await #expect(throws: PythonEnvironmentError.self) { try await LayerMaker.read(members, mode: "w") }
        #expect(error?.code == .unreadableBase)
    }

    @Test func isReadOnce() async throws {
        try await withWorkshop { directory in
            let (descriptor, bytes) = try await LayerMaker.make(
                [.distribution(Self.site, "numpy", "1.26.4")],
                in: directory
            )
            let base = try baseImage(layers: [(descriptor, .bytes(bytes))])
            let cache = CacheDirectory(root: directory.appending("cache"))
            try cache.unfinished.createDirectories()
            let reader = BaseLayerReader(cache: cache)
            #expect(!reader.knows(descriptor))
            let read = try await reader.read(descriptor, of: base.source)
            #expect(read.distributions.map(\.version) == ["1.26.4"])
            #expect(reader.knows(descriptor))
            #expect(try await reader.read(descriptor, of: Blobs(blobs: [:])) == read)
        }
    }

    @Test func aStreamThatIsLongerThanItSaysIsStopped() async throws {
        try await withWorkshop { directory in
            let (descriptor, bytes) = try await LayerMaker.make([.file("usr/bin/python3.11")], in: directory)
            let endless = AsyncThrowingStream<[UInt8], any Error> { bytes }
            let base = try baseImage(layers: [(descriptor, .stream(endless))])
            let cache = CacheDirectory(root: directory.appending("cache"))
            try cache.unfinished.createDirectories()
            await #expect(throws: BlobError.self) {
                try await BaseLayerReader(cache: cache).read(descriptor, of: base.source)
            }
            #expect(try cache.unfinished.entries().isEmpty)
        }
    }
}
