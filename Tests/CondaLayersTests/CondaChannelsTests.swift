import PythonLayers
import Testing

@testable import CondaLayers

struct CondaChannelsTests {
    @Test(arguments: [
        ([], ["https://conda.anaconda.org/conda-forge"]),
        (["nodefaults"], ["https://conda.anaconda.org/conda-forge"]),
        (
            ["bioconda", "conda-forge", "bioconda"],
            ["https://conda.anaconda.org/bioconda", "https://conda.anaconda.org/conda-forge"]
        ),
        (["defaults"], ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]),
        (["team/label/dev"], ["https://conda.anaconda.org/team/label/dev"]),
        (["https://conda.test/own"], ["https://conda.test/own"]),
    ])
    func namesAreURLs(names: [String], urls: [String]) throws {
        #expect(try CondaChannels().urls(for: names) == urls)
        let operators = CondaChannels(replacements: ["file:///srv/mirror"])
        #expect(try operators.urls(for: names) == ["file:///srv/mirror"])
    }

    @Test(arguments: ["file:///etc", "http://169.254.169.254/x", "/etc", "../x", "a/../../x", "s3://bucket/x", "a b"])
    func modelsCannotNameOtherPlaces(name: String) {
        let error = #expect(throws: CondaError.self) { try CondaChannels().urls(for: [name]) }
        #expect(error?.code == .channelNotAllowed)
    }

    @Test(arguments: [
        ("numpy-1.26.4.dist-info", "numpy", "1.26.4"), ("PyYAML-6.0-py3.11.egg-info", "pyyaml", "6.0"),
        ("ruamel.yaml-0.18.5.dist-info", "ruamel-yaml", "0.18.5"),
    ])
    func distributionsAreKnownByTheirDirectory(directory: String, name: String, version: String) throws {
        let distribution = try #require(InstalledDistribution(directory: directory))
        #expect(distribution.name == name)
        #expect(distribution.version == version)
    }

    @Test(arguments: ["numpy", "numpy.dist-info", "numpy-.dist-info", "-1.dist-info", "README.txt", ""])
    func otherNamesAreNone(directory: String) { #expect(InstalledDistribution(directory: directory) == nil) }
}
