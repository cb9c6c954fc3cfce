import ImageAssembler
import OCI
import Testing

@testable import PythonLayers

@Suite struct WheelTagsTests {
    private static let debian = TargetPlatform(machine: "x86_64", library: .glibc(minor: 28))
    private static let alpine = TargetPlatform(machine: "x86_64", library: .musl(minor: 2))
    private static let arm = TargetPlatform(machine: "aarch64", library: .glibc(minor: 28))

    @Test(arguments: [
        ("a-1-py3-none-any.whl", true),
        ("a-1-py2.py3-none-any.whl", true),
        ("a-1-py2-none-any.whl", false),
        ("a-1-py311-none-any.whl", true),
        ("a-1-py39-none-any.whl", true),
        ("a-1-py312-none-any.whl", false),
        ("a-1-cp311-none-any.whl", true),
        ("a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", true),
        ("a-1-cp311-cp311-manylinux_2_28_x86_64.whl", true),
        ("a-1-cp311-cp311-manylinux_2_29_x86_64.whl", false),
        ("a-1-cp311-cp311-manylinux1_x86_64.whl", true),
        ("a-1-cp311-cp311-manylinux2010_x86_64.whl", true),
        ("a-1-cp311-cp311-linux_x86_64.whl", true),
        ("a-1-cp311-cp311-manylinux_2_17_aarch64.whl", false),
        ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", false),
        ("a-1-cp311-cp311-macosx_11_0_arm64.whl", false),
        ("a-1-cp311-cp311-win_amd64.whl", false),
        ("a-1-cp310-cp310-manylinux_2_17_x86_64.whl", false),
        ("a-1-cp312-cp312-manylinux_2_17_x86_64.whl", false),
        ("a-1-cp37-abi3-manylinux_2_17_x86_64.whl", true),
        ("a-1-cp311-abi3-manylinux_2_17_x86_64.whl", true),
        ("a-1-cp312-abi3-manylinux_2_17_x86_64.whl", false),
        ("a-1-py3-none-manylinux2014_x86_64.whl", true),
        ("a-1-pp311-pypy311_pp73-manylinux_2_17_x86_64.whl", false),
    ]) func acceptsWhatRunsOnPython311AndDebian(name: String, accepted: Bool) throws {
        let wheel = try #require(WheelFileName(name))
        #expect((WheelTags(python: PythonVersion(3, 11), platform: Self.debian).rank(of: wheel) != nil) == accepted)
    }

    @Test func platformsHaveTheirOwnTags() throws {
        let musl = try #require(WheelFileName("a-1-cp311-cp311-musllinux_1_1_x86_64.whl"))
        let gnu = try #require(WheelFileName("a-1-cp311-cp311-manylinux2014_aarch64.whl"))
        let old = try #require(WheelFileName("a-1-cp311-cp311-manylinux1_aarch64.whl"))
        #expect(WheelTags(python: PythonVersion(3, 11), platform: Self.alpine).rank(of: musl) != nil)
        #expect(WheelTags(python: PythonVersion(3, 11), platform: Self.alpine).rank(of: gnu) == nil)
        #expect(WheelTags(python: PythonVersion(3, 11), platform: Self.arm).rank(of: gnu) != nil)
        // Before glibc 2.17 there was no AArch64.
        #expect(WheelTags(python: PythonVersion(3, 11), platform: Self.arm).rank(of: old) == nil)
    }

    /// Each list is in the order of preference.
    @Test(arguments: [
        [
            "a-1-cp311-cp311-manylinux_2_28_x86_64.whl", "a-1-cp311-cp311-manylinux2014_x86_64.whl",
            "a-1-cp311-cp311-manylinux1_x86_64.whl", "a-1-cp311-abi3-manylinux_2_28_x86_64.whl",
            "a-1-cp39-abi3-manylinux_2_28_x86_64.whl", "a-1-cp37-abi3-manylinux_2_28_x86_64.whl",
            "a-1-py3-none-manylinux_2_28_x86_64.whl", "a-1-py3-none-any.whl",
        ],
        ["a-1-10-py3-none-any.whl", "a-1-9a-py3-none-any.whl", "a-1-9-py3-none-any.whl", "a-1-py3-none-any.whl"],
        ["a-1-py311-none-any.whl", "a-1-py3-none-any.whl", "a-1-py310-none-any.whl"],
    ]) func prefersTheBestFit(names: [String]) throws {
        let tags = WheelTags(python: PythonVersion(3, 11), platform: Self.debian)
        var rest = names.reversed().compactMap(WheelFileName.init)
        for name in names {
            #expect(tags.best(of: rest, name: { $0 })?.text == name)
            rest.removeAll { $0.text == name }
        }
    }

    @Test(arguments: [
        "a-1-py3-none.whl", "a.whl", "a-1-py3-none-any.zip", "a--py3-none-any.whl", "a-1-x-py3-none-any.whl",
    ])
    func refusesOtherNames(name: String) {
        #expect(WheelFileName(name) == nil)
    }

    @Test(arguments: [
        ("linux/amd64", ["RUN /bin/sh -c apt-get update"], "x86_64-manylinux_2_28"),
        ("linux/arm64/v8", [], "aarch64-manylinux_2_28"),
        ("linux/amd64", ["RUN /bin/sh -c set -eux; apk add --no-cache ca-certificates"], "x86_64-unknown-linux-musl"),
    ]) func namesThePlatformAsTheResolverDoes(platform: String, history: [String], triple: String) throws {
        let base = try baseImage(platform: try #require(.init(platform)), history: history)
        #expect(try TargetPlatform(of: base.configuration).triple == triple)
    }

    @Test func refusesPlatformsWithoutWheels() throws {
        let base = try baseImage(platform: .init(architecture: "s390x"))
        #expect { try TargetPlatform(of: base.configuration) } throws: { error in
            (error as? PythonEnvironmentError)?.code == .unsupportedPlatform
        }
    }
}
