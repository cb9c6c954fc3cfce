import Archive
import ArgumentParser
import Testing

@testable import PackagerCLI

@Suite struct BuildOptionsTests {
    @Test func limitsOfArtifactsAreTheUsers() throws {
        let limits = try BuildOptions.parse(["--max-entries", "3", "--max-bytes", "4096"]).artifactLimits
        #expect(limits.maximumEntries == 3 && limits.maximumBytes == 4096)
        #expect(try BuildOptions.parse([]).artifactLimits == ArchiveLimits())
    }

    @Test(arguments: ["--max-entries", "--max-bytes"]) func aLimitIsAboveZero(flag: String) throws {
        let options = try BuildOptions.parse([flag, "0"])
        #expect(throws: ValidationError.self) { try options.artifactLimits }
    }
}
