import JSON
import Testing

@testable import CondaLayers

struct MambaDryRunTests {
    private let request = CondaSolver.Request(
        channels: ["https://conda.test/own"],
        specs: ["python=3.11"],
        platform: "linux-64",
        virtualPackages: ["__glibc=2.28", "__archspec=1=x86_64", "__unix=0"],
        cache: "/cache",
        refresh: true
    )

    @Test func theImageCountsAndNotThisMachine() {
        let arguments = MambaDryRun.arguments(request)
        #expect(arguments.starts(with: ["create", "--dry-run", "--json"]))
        #expect(arguments.suffix(5) == ["--channel", "https://conda.test/own", "--repodata-ttl", "0", "python=3.11"])
        let environment = MambaDryRun.environment(request)
        #expect(environment["CONDA_OVERRIDE_GLIBC"] == "2.28")
        #expect(environment["CONDA_OVERRIDE_ARCHSPEC"] == nil)
    }

    /// The form of micromamba 2: a transaction whose `LINK` holds records.
    @Test func theTransactionIsALock() throws {
        let answer: JSONValue = [
            "success": true, "dry_run": true,
            "actions": [
                "PREFIX": "/cache/no-environment",
                "LINK": [
                    [
                        "name": "tzdata", "version": "2024a", "build": "h0c530f3_0", "build_string": "h0c530f3_0",
                        "build_number": 0, "channel": "conda-forge", "subdir": "noarch", "size": 119_815,
                        "fn": "tzdata-2024a-h0c530f3_0.conda",
                        "url": "https://conda.test/own/noarch/tzdata-2024a-h0c530f3_0.conda",
                        "md5": "161081fc7cec0bfda0d86d7cb595f8d8",
                        "sha256": "7b2b69c54ec62a243eb6fba2391b5e443421608c3ae5dbff938ad33ca8db5122",
                    ]
                ],
            ],
        ]
        let package = try #require(try CondaLock(records: MambaDryRun.records(answer)).packages.first)
        #expect(package.distribution == "tzdata-2024a-h0c530f3_0")
        #expect(package.fileName == "tzdata-2024a-h0c530f3_0.conda")
        #expect(package.size == 119_815)
        #expect(package.followsPython)
    }
}
