import SystemPackage
import Testing

@testable import PythonLayers

@Suite struct LockTests {
    private static let hash = String(repeating: "ab", count: 32)
    private static let head = "lock-version = \"1.0\"\ncreated-by = \"uv\"\n"

    private func lock(_ body: String) throws -> Lock {
        try Lock(pylock: Self.head + body, relativeTo: FilePath("/srv/here"))
    }

    @Test func readsPackages() throws {
        let lock = try lock(
            """
            [[packages]]
            name = "Zope.Interface"
            version = "2.0"
            marker = "python_full_version < '3.15'"
            index = "https://index.test/simple"
            sdist = { url = "https://files.test/zope-2.0.tar.gz", hashes = { sha256 = "\(Self.hash)" } }
            wheels = [
                { url = "https://files.test/a%2Bb/zope_interface-2.0-py3-none-any.whl#sha256=1", upload-time = 2026-01-01T00:00:00Z, size = 12, hashes = { sha256 = "\(Self.hash)" } },
            ]

            [[packages]]
            name = "local"
            version = "1"
            wheels = [{ path = "../wheels/local-1-py3-none-any.whl", hashes = { sha256 = "\(Self.hash)" } }]

            [[packages]]
            name = "archived"
            archive = { path = "/w/archived-3-py3-none-any.whl", hashes = { sha256 = "\(Self.hash)" } }
            """
        )
        #expect(lock.packages.map(\.name) == ["archived", "local", "zope-interface"])
        #expect(lock.packages.map(\.version) == ["3", "1", "2.0"])
        #expect(lock.packages[1].wheels.first?.url == "file:///srv/wheels/local-1-py3-none-any.whl")
        let wheel = try #require(lock.packages[2].wheels.first)
        #expect(wheel.url == "https://files.test/a%2Bb/zope_interface-2.0-py3-none-any.whl")
        #expect(wheel.name == "zope_interface-2.0-py3-none-any.whl")
        #expect(wheel.size == 12)
        #expect(lock.packages[2].sourceDistribution?.name == "zope-2.0.tar.gz")
        #expect(try self.lock("packages = []\n").packages.isEmpty)
    }

    @Test(arguments: [
        ("[[packages]]\nname = \"a\"\ndirectory = { path = \"/a\" }", "a directory"),
        ("[[packages]]\nname = \"a\"\nvcs = { type = \"git\", url = \"https://x/y\" }", "version control"),
        ("[[packages]]\nname = \"a\"\nwheels = [{ url = \"https://x/a-1-py3-none-any.whl\" }]", "no SHA-256"),
        (
            "[[packages]]\nname = \"a\"\nwheels = [{ url = \"https://u:secret@x/a.whl?token=secret\", hashes = { md5 = \"1\" } }]",
            "no SHA-256"
        ),
        ("[[packages]]\nname = \"a\"\nwheels = [{ url = \"ftp://x/a.whl\" }]", "no http"),
        ("[[packages]]\nversion = \"a\"", "cannot be read"),
        ("packages = 3", "cannot be read"),
        ("[[", "cannot be read"),
        (
            "[[packages]]\nname = \"a\"\nversion = \"1\"\n[[packages]]\nname = \"A\"\nversion = \"2\"", "a twice"
        ),
    ]) func refusesWhatItCannotUse(body: String, reason: String) throws {
        do {
            _ = try lock(body)
            Issue.record("was read")
        } catch let error as PythonEnvironmentError {
            #expect(error.description.contains(reason), "\(error)")
            #expect(!error.description.contains("secret"), "\(error)")
        }
    }

    @Test func refusesAnotherVersion() throws {
        #expect(throws: PythonEnvironmentError.self) {
            try Lock(pylock: "lock-version = \"2.0\"\ncreated-by = \"x\"\n", relativeTo: FilePath("/"))
        }
    }

    @Test(arguments: [
        ("numpy==2.2.0", "numpy"), ("Scikit_Learn[extra] == 1.5", "scikit-learn"), ("a===1", "a"),
        ("a==1; python_version > '3'", "a"), ("a==1.*", nil), ("a>=1", nil), ("a", nil), ("a==1,<2", nil),
        ("a @ https://x/y==1", nil), ("a~=1", nil), ("a!=1", nil),
    ]) func knowsPins(requirement: String, name: String?) {
        #expect(LockCache.pinnedName(requirement) == name)
    }

    @Test func keepsPinnedLocksForEverAndOthersForTheirTime() async throws {
        try await withWorkshop { directory in
            let lock = try lock(
                "[[packages]]\nname = \"a\"\nversion = \"1\"\n[[packages]]\nname = \"b\"\nversion = \"1\"\n"
            )
            var cache = LockCache(directory: directory.appending("locks"), lifetime: .zero, refresh: false)
            try cache.record(lock, requirements: ["a==1", "b==1"], for: "pinned")
            try cache.record(lock, requirements: ["a==1"], for: "open")
            #expect(cache.lock(for: "pinned") == lock)
            #expect(cache.lock(for: "open") == nil)
            cache.lifetime = .seconds(3600)
            #expect(cache.lock(for: "open") == lock)
            #expect(cache.lock(for: "unknown") == nil)
            cache.refresh = true
            #expect(cache.lock(for: "pinned") == nil)
        }
    }
}
