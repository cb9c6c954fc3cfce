import Testing

@testable import PythonLayers

/// What is taken from a base, and what is not.
@Suite struct BaseShareTests {
    private static let site = "opt/venv/lib/python3.11/site-packages"

    private func distribution(
        _ name: String,
        _ version: String,
        roots: [String]? = nil,
        in directory: String = site
    ) -> BaseDistribution {
        let information = "\(directory)/\(name)-\(version).dist-info"
        return BaseDistribution(
            name: name,
            version: version,
            metadata: "\(information)/METADATA",
            roots: (roots ?? [name]).map { "\(directory)/\($0)" } + [information]
        )
    }

    private func lock(_ packages: [String: String]) -> Lock {
        Lock(
            packages: packages.sorted { $0.key < $1.key }.map {
                Lock.Package(name: $0.key, version: $0.value, wheels: [], sourceDistribution: nil)
            }
        )
    }

    private func base(own: [BaseDistribution] = [], system: [BaseDistribution] = []) -> BaseEnvironment {
        let interpreter = BaseInterpreter(path: "/usr/bin/python3.11", version: PythonVersion(3, 11))
        return BaseEnvironment(interpreter: interpreter, isExtended: !own.isEmpty, own: own, system: system)
    }

    @Test func equalVersionsAreTakenAndTheModelsOwnGoFirst() {
        let system = "usr/local/lib/python3.11/dist-packages"
        let share = BaseShare(
            lock(["numpy": "1.26.4", "scikit-learn": "1.3.2", "scipy": "1.11", "torch": "2.1.0", "wheel": "1"]),
            on: base(system: [
                distribution("numpy", "1.26.4", in: system), distribution("scikit-learn", "1.2.0", in: system),
                distribution("torch", "2.1.0+cpu", in: system), distribution("pandas", "2.0", in: system),
                distribution("numpy", "1.19", in: "usr/lib/python3/dist-packages"),
                distribution("wheel", "1", in: system),
            ]),
            named: ["wheel"]
        )
        #expect(share.taken.map(\.name) == ["numpy", "torch"])
        #expect(
            share.installed == [
                .init(name: "scikit-learn", version: "1.3.2", reason: "the base has 1.2.0"),
                .init(name: "scipy", version: "1.11"),
                .init(name: "wheel", version: "1", reason: "the model names the file it comes from"),
            ]
        )
        #expect(share.usesSystem)
        // What lies outside of the environment is hidden by it, not touched.
        #expect(share.removed.isEmpty)
    }

    @Test func nothingOfTheSystemIsSeenWhereNothingOfItIsTaken() {
        let system = [distribution("numpy", "1.0", in: "usr/lib/python3/dist-packages")]
        #expect(!BaseShare(lock(["numpy": "2.0", "six": "1"]), on: base(system: system), named: []).usesSystem)
        #expect(BaseShare(lock(["numpy": "1", "six": "1"]), on: base(system: system), named: []).usesSystem)
    }

    @Test func otherVersionsInTheEnvironmentAreRemoved() {
        let share = BaseShare(
            lock(["numpy": "2.0", "six": "2", "pandas": "2.0"]),
            on: base(own: [
                distribution("numpy", "1.26.4", roots: ["numpy", "numpy.libs/a.so"]),
                distribution("six", "1", roots: ["six.py"]), distribution("pandas", "2.0"), distribution("extra", "1"),
            ]),
            named: []
        )
        #expect(share.taken.map(\.name) == ["pandas"])
        #expect(share.removedPackages == ["numpy 1.26.4", "six 1"])
        #expect(
            share.removed
                == [
                    "__pycache__/six.cpython-311.pyc", "numpy", "numpy-1.26.4.dist-info", "numpy.libs/a.so",
                    "six-1.dist-info", "six.py",
                ].map { "\(Self.site)/\($0)" }
        )
    }

    @Test func whatSharesFilesWithTheRemovedIsInstalledAnew() {
        let share = BaseShare(
            lock(["mlflow": "3", "mlflow-skinny": "2", "google-api": "1", "google-auth": "2", "other": "1"]),
            on: base(own: [
                distribution("mlflow", "2", roots: ["mlflow"]), distribution("mlflow-skinny", "2", roots: ["mlflow"]),
                distribution("mlflow-plugin", "1", roots: ["mlflow/plugin.py"]),
                distribution("google-api", "1", roots: ["google/api"]),
                distribution("google-auth", "1", roots: ["google/auth"]), distribution("other", "1"),
            ]),
            named: []
        )
        #expect(share.taken.map(\.name) == ["google-api", "other"])
        #expect(share.installed.map(\.name) == ["google-auth", "mlflow", "mlflow-skinny"])
        #expect(share.removedPackages == ["google-auth 1", "mlflow 2", "mlflow-plugin 1", "mlflow-skinny 2"])
        #expect(
            !share.removed.contains("\(Self.site)/google") && !share.removed.contains("\(Self.site)/mlflow/plugin.py")
        )
    }

    @Test func twoOfOneNameAreBothReplaced() {
        let share = BaseShare(
            lock(["numpy": "2.0"]),
            on: base(own: [distribution("numpy", "2.0"), distribution("numpy", "1.0")]),
            named: []
        )
        #expect(share.installed == [.init(name: "numpy", version: "2.0", reason: "the base has it as 1.0 and 2.0")])
        #expect(share.removedPackages == ["numpy 1.0", "numpy 2.0"])
    }

    @Test func theNewestEnvironmentHidesTheSystem() {
        var base = base(
            own: [distribution("numpy", "1.0")],
            system: [distribution("numpy", "2.0", in: "usr/lib/python3/dist-packages")]
        )
        base.extendedSeesSystem = true
        let share = BaseShare(lock(["numpy": "2.0"]), on: base, named: [])
        #expect(share.installed.map(\.reason) == ["the base has 1.0"])
        #expect(share.usesSystem)
    }

    @Test(arguments: [
        ("numpy/__init__.py,,\nnumpy/core/a.py,,\n", ["numpy"]),
        ("google/auth/__init__.py,,\ngoogle/auth/x/y.py,,\ngoogle/single.py,,\n", ["google/auth", "google/single.py"]),
        ("a-1.dist-info/METADATA,,\na-1.dist-info/RECORD,,\na.py,,\n", ["a-1.dist-info", "a.py"]),
        ("numpy.libs/x.so,sha256=abc,10\n", ["numpy.libs/x.so"]),
        ("", []),
    ]) func rootsAreWhatADistributionOwns(record: String, roots: [String]) {
        #expect(DistributionRoots.roots(of: record, in: Self.site) == roots.map { "\(Self.site)/\($0)" })
    }

    @Test(arguments: [
        ("1.0", "1", true), ("1.0.0", "1", true), ("1.0.1", "1", false), ("v1.2", "1.2", true),
        ("2020.06.01", "2020.6.1", true),
        ("1.0a1", "1.0.alpha-1", true), ("1.0rc1", "1.0c1", true), ("1.0.post1", "1.0-1", true),
        ("1.0", "1.0.post0", false),
        ("1.0.dev1", "1.0-dev1", true), ("1!1.0", "1.0", false), ("2.1.0+cpu", "2.1.0", true),
        ("2.1.0", "2.1.0+cpu", false),
        ("2.1.0+cu_121", "2.1.0+cu.121", true), ("1.10", "1.1", false), ("0.0", "0", true), ("odd", "odd", true),
        ("odd", "1", false), ("99999999999999999999999.1", "99999999999999999999999.1.0", true),
    ]) func versionsAreComparedAsPythonDoes(installed: String, wanted: String, agrees: Bool) {
        #expect(PackageVersion.agrees(installed, with: wanted) == agrees)
    }
}
