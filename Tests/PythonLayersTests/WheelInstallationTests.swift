import Archive
import FileSystem
import ImageAssembler
import SystemPackage
import Testing

@testable import PythonLayers

@Suite struct WheelInstallationTests {
    private static let python = PythonVersion(3, 11)
    private static let packages = "lib/python3.11/site-packages"

    private func install(_ maker: WheelMaker, in directory: FilePath) async throws -> [String: LayerEntry] {
        let made = try await maker.make(in: directory)
        let cache = CacheDirectory(root: directory.appending("cache"))
        let wheel = try await UnpackedWheel.open(made.path, sha256: made.sha256, cache: cache)
        let entries = try WheelInstallation(of: wheel, python: Self.python, prefix: "/opt/venv")
            .entries(prefix: "/opt/venv")
        return Dictionary(uniqueKeysWithValues: entries.map { (String($0.path.dropFirst("opt/venv/".count)), $0) })
    }

    private func isExecutable(_ entry: LayerEntry?) -> Bool? {
        switch entry?.kind {
        case .file(_, _, let executable), .bytes(_, let executable): executable
        default: nil
        }
    }

    @Test func putsEveryFileInItsPlace() async throws {
        try await withWorkshop { directory in
            let maker = WheelMaker(
                files: [
                    "tiny/__init__.py": "x = 1\n",
                    "tiny/tool": "#!/bin/sh\n",
                    "tiny/with,comma.txt": "c",
                    "tiny-1.0.data/purelib/pure.py": "p = 1\n",
                    "tiny-1.0.data/platlib/plat.py": "q = 1\n",
                    "tiny-1.0.data/scripts/run-tiny": "#!python -u\nprint(1)\n",
                    "tiny-1.0.data/scripts/shell": "#!/bin/sh\necho 1\n",
                    "tiny-1.0.data/data/share/tiny/table": "t",
                    "tiny-1.0.data/headers/tiny.h": "h",
                    "tiny-1.0.dist-info/INSTALLER": "someone",
                    "tiny-1.0.dist-info/direct_url.json": "{}",
                    "tiny-1.0.dist-info/entry_points.txt": """
                    [console_scripts]
                    tiny = tiny.cli:main
                    tiny-extra = tiny.cli:App.run [fast,slow]
                    # a comment
                    [gui_scripts]
                    tiny-window=tiny:show
                    [other]
                    ignored = nothing
                    """,
                ],
                executables: ["tiny/tool"]
            )
            let files = try await install(maker, in: directory)
            let information = "\(Self.packages)/tiny-1.0.dist-info"
            #expect(
                Set(files.keys) == [
                    "\(Self.packages)/tiny/__init__.py", "\(Self.packages)/tiny/tool",
                    "\(Self.packages)/tiny/with,comma.txt", "\(Self.packages)/pure.py", "\(Self.packages)/plat.py",
                    "bin/run-tiny", "bin/shell", "bin/tiny", "bin/tiny-extra", "bin/tiny-window", "share/tiny/table",
                    "include/site/python3.11/tiny/tiny.h", "\(information)/INSTALLER", "\(information)/METADATA",
                    "\(information)/RECORD", "\(information)/WHEEL", "\(information)/entry_points.txt",
                ]
            )
            #expect(try files["bin/run-tiny"]?.text == "#!/opt/venv/bin/python3 -u\nprint(1)\n")
            #expect(try files["bin/shell"]?.text == "#!/bin/sh\necho 1\n")
            #expect(try files["bin/tiny"]?.text.hasPrefix("#!/opt/venv/bin/python3\n") == true)
            #expect(try files["bin/tiny-extra"]?.text.contains("from tiny.cli import App\n") == true)
            #expect(try files["bin/tiny-extra"]?.text.contains("sys.exit(App.run())") == true)
            #expect(try files["\(information)/INSTALLER"]?.text == "packager\n")
            for path in ["bin/run-tiny", "bin/shell", "bin/tiny", "\(Self.packages)/tiny/tool"] {
                #expect(isExecutable(files[path]) == true, "\(path)")
            }
            #expect(isExecutable(files["\(Self.packages)/tiny/__init__.py"]) == false)
            try checkRecord(files)
        }
    }

    /// Every installed file has its row with the right hash and size, and the rows are sorted.
    private func checkRecord(_ files: [String: LayerEntry]) throws {
        let text = try #require(try files["\(Self.packages)/tiny-1.0.dist-info/RECORD"]?.text)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines == lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let record = try WheelRecord(text: text)
        #expect(record.rows.count == files.count)
        for row in record.rows {
            let path = FilePath("\(Self.packages)/\(row.path)").lexicallyNormalized().string
            let entry = try #require(files[path], "\(row.path)")
            if row.path == "tiny-1.0.dist-info/RECORD" {
                #expect(row.hash.isEmpty && row.size == nil)
            } else {
                let bytes = Array(try entry.text.utf8)
                #expect(row == WheelRecord.row(row.path, bytes))
            }
        }
        #expect(lines.contains { $0.hasPrefix("\"tiny/with,comma.txt\",sha256=") })
    }

    @Test(arguments: [
        (WheelMaker(files: ["a.py": "x"], wrongRows: ["a.py": "sha256=AAAA,1"]), "other content"),
        (WheelMaker(files: ["a.py": "x"], wrongRows: ["a.py": "md5=AAAA,1"]), "not allowed"),
        (WheelMaker(files: ["a.py": "x"], wrongRows: ["a.py": ",7"]), "1 bytes instead of 7"),
        (WheelMaker(files: ["a.py": "x"], wheelVersion: "2.0"), "version \"2.0\""),
        (WheelMaker(files: ["tiny-1.0.data/elsewhere/a": "x"]), "no installation has a place"),
        (WheelMaker(files: ["b-1.dist-info/RECORD": "x"]), "2 .dist-info directories"),
        (
            WheelMaker(files: ["tiny-1.0.dist-info/entry_points.txt": "[console_scripts]\n../evil = a:b\n"]),
            "../evil"
        ),
        (
            WheelMaker(files: ["tiny-1.0.dist-info/entry_points.txt": "[console_scripts]\na = os;x:b\n"]),
            "os;x"
        ),
        (WheelMaker(files: ["../evil.py": "x"]), "cannot be unpacked"),
        (WheelMaker(files: ["/evil.py": "x"]), "cannot be unpacked"),
    ]) func refusesBadWheels(maker: WheelMaker, reason: String) async throws {
        try await withWorkshop { directory in
            do {
                _ = try await install(maker, in: directory)
                Issue.record("was installed")
            } catch let error as PythonEnvironmentError {
                #expect([.invalidWheel, .recordMismatch].contains(error.code))
                #expect(error.description.contains(reason), "\(error)")
            }
            let unpacked = directory.appending("cache").appending("unfinished")
            #expect(try unpacked.entries().isEmpty)
        }
    }

    @Test func acceptsTheSameFileOfTwoWheelsButNotAnother() async throws {
        try await withWorkshop { directory in
            let cache = CacheDirectory(root: directory.appending("cache"))
            func installation(_ name: String, _ files: [String: String]) async throws -> WheelInstallation {
                let made = try await WheelMaker(name: name, files: files).make(in: directory)
                let wheel = try await UnpackedWheel.open(made.path, sha256: made.sha256, cache: cache)
                return try WheelInstallation(of: wheel, python: Self.python, prefix: "/opt/venv")
            }
            let one = try await installation("one", ["space/__init__.py": "", "space/one.py": "1"])
            let two = try await installation("two", ["space/__init__.py": "", "space/two.py": "2"])
            let other = try await installation("other", ["space/__init__.py": "3"])
            let file = try await installation("file", ["space": "4"])
            try PreparedWheels.checkCollisions([one, two])
            for wheels in [[one, other], [one, file], [file, two]] {
                #expect { try PreparedWheels.checkCollisions(wheels) } throws: { error in
                    (error as? PythonEnvironmentError)?.code == .fileCollision
                }
            }
        }
    }

    @Test func leavesNothingOfAWheelWithAnotherHash() async throws {
        try await withWorkshop { directory in
            var wheel = try await WheelMaker(files: ["a.py": "x"]).choose(in: directory)
            wheel.file.sha256 = String(repeating: "0", count: 64)
            let cache = CacheDirectory(root: directory.appending("cache"))
            let store = WheelStore(cache: cache, indexes: PackageIndexes(), fetch: noNetwork)
            await #expect { _ = try await store.file(wheel.file, of: "tiny") } throws: { error in
                (error as? PythonEnvironmentError)?.code == .hashMismatch
            }
            #expect(!cache.wheels.exists)
            #expect(try cache.unfinished.entries().isEmpty)
        }
    }

    @Test func groupsTheSmallestWheelsWhereThereAreTooMany() throws {
        func wheel(_ name: String) -> ChosenWheel {
            ChosenWheel(package: name, version: "1", file: Lock.File(url: "", name: "", sha256: name))
        }
        let sizes: [String: Int64] = ["a": 5 << 20, "b": 100, "c": 3 << 20, "d": 200, "e": 4 << 20]
        let wheels = ["a", "b", "c", "d", "e"].map(wheel)
        func groups(_ maximum: Int) -> [[String]] {
            WheelGroup.groups(of: wheels, sizes: sizes, maximum: maximum).map { $0.wheels.map(\.package) }
        }
        #expect(groups(10) == [["a"], ["c"], ["e"], ["b", "d"]])
        #expect(groups(4) == [["a"], ["c"], ["e"], ["b", "d"]])
        #expect(groups(3) == [["a"], ["e"], ["b", "c", "d"]])
        #expect(groups(1) == [["a", "b", "c", "d", "e"]])
        let large = WheelGroup.groups(of: ["a", "c"].map(wheel), sizes: sizes, maximum: 2)
        #expect(large.map { $0.wheels.map(\.package) } == [["a"], ["c"]])
        #expect(WheelGroup.groups(of: [], sizes: [:], maximum: 2).isEmpty)
    }
}
