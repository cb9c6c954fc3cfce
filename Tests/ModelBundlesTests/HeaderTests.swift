import FileSystem
import SystemPackage
import Testing

@testable import ModelBundles

@Suite struct HeaderTests {
    @Test func safetensorsSayTheirTensors() throws {
        let facts = try #require(try Self.read(SampleModel.safetensors, SafetensorsHeader.facts))
        #expect(facts.elements == ["float16": 6, "uint8": 4])
        #expect(facts.parameters == 10 && facts.precision == "float16")
    }

    @Test func ggufSaysWhatItIs() throws {
        let facts = try Self.read(SampleModel.gguf, GGUFHeader.facts)
        #expect(facts.architecture == "llama" && facts.name == "Tiny" && facts.quantization == "Q4_K_M")
        #expect(facts.elements == ["Q4_K": 8])
    }

    @Test(
        arguments: [
            (124, "124"), (1000, "1k"), (494_032_768, "494m"), (1_540_000_000, "1.5b"), (7_000_000_000, "7b"),
            (671_026_419_200, "671b"), (1_000_000_000_000, "1t"),
        ] as [(UInt64, String)]
    )
    func sizesAreShort(parameters: UInt64, text: String) {
        #expect(TensorFacts(elements: ["float32": parameters]).parameterSize == text)
    }

    private static let badSafetensors: [[UInt8]] = [
        [], [1, 2, 3], bytes(UInt64.max), bytes(UInt64(100)) + [0x7b],
        SampleModel.safetensors(header: "not json", room: 0),
        SampleModel.safetensors(header: "[]", room: 0),
        SampleModel.safetensors(header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, room: 3),
        SampleModel.safetensors(header: #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, room: 4),
        SampleModel.safetensors(header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, room: 4),
        SampleModel.safetensors(header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, room: 4),
        SampleModel.safetensors(
            header: #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
            room: 4
        ),
        SampleModel.safetensors(header: String(repeating: "[", count: 100_000), room: 0),
    ]

    @Test(arguments: badSafetensors.indices) func badSafetensorsAreRefused(_ index: Int) {
        let error = #expect(throws: BundleError.self) {
            try Self.read(Self.badSafetensors[index], SafetensorsHeader.facts)
        }
        #expect(error?.code == .damagedFile)
    }

    private static let gguf = Array("GGUF".utf8) + bytes(UInt32(3))

    private static let badGGUF: [[UInt8]] = [
        [], Array("GGU".utf8), Array("GGUF".utf8) + bytes(UInt32(9)) + bytes(UInt64(0)) + bytes(UInt64(0)),
        gguf + bytes(UInt64.max) + bytes(UInt64(0)),
        gguf + bytes(UInt64(0)) + bytes(UInt64.max),
        // A key, a string and a list that are longer than the file.
        gguf + bytes(UInt64(0)) + bytes(UInt64(1)) + bytes(UInt64.max),
        gguf + bytes(UInt64(0)) + bytes(UInt64(1)) + SampleModel.text("k") + bytes(UInt32(8)) + bytes(UInt64.max),
        gguf + bytes(UInt64(0)) + bytes(UInt64(1)) + SampleModel.text("k") + bytes(UInt32(9)) + bytes(UInt32(10))
            + bytes(UInt64.max),
        gguf + bytes(UInt64(0)) + bytes(UInt64(1)) + SampleModel.text("k") + bytes(UInt32(77)),
        // Lists of lists of lists …
        gguf + bytes(UInt64(0)) + bytes(UInt64(1)) + SampleModel.text("k")
            + (0..<10).flatMap { _ in bytes(UInt32(9)) + bytes(UInt64(1)) },
        gguf + bytes(UInt64(1)) + bytes(UInt64(0)) + SampleModel.text("t") + bytes(UInt32.max),
        gguf + bytes(UInt64(1)) + bytes(UInt64(0)) + SampleModel.text("t") + bytes(UInt32(2)) + bytes(UInt64.max)
            + bytes(UInt64.max) + bytes(UInt32(0)) + bytes(UInt64(0)),
    ]

    @Test(arguments: badGGUF.indices) func badGGUFIsRefused(_ index: Int) {
        let error = #expect(throws: BundleError.self) { try Self.read(Self.badGGUF[index], GGUFHeader.facts) }
        #expect(error?.code == .damagedFile)
    }

    @Test func everyCutOfAHeaderIsNoticed() throws {
        // The weights themselves are not read.
        for count in 0..<(SampleModel.gguf.count - 64) {
            #expect(throws: BundleError.self) { try Self.read(SampleModel.gguf.prefix(count), GGUFHeader.facts) }
        }
        for count in 0..<(SampleModel.safetensors.count) {
            #expect(throws: BundleError.self) {
                try Self.read(SampleModel.safetensors.prefix(count), SafetensorsHeader.facts)
            }
        }
    }

    private static let shards: [(files: [String: String], missing: String?)] = [
        (["m-00001-of-00002.safetensors": "", "m-00002-of-00002.safetensors": ""], nil),
        (["m-00001-of-00003.safetensors": "", "m-00003-of-00003.safetensors": ""], "m-00002-of-00003.safetensors"),
        (["m-00002-of-00002.gguf": ""], "m-00001-of-00002.gguf"),
        (["best-of-3-00001-of-00002.bin": ""], "best-of-3-00002-of-00002.bin"),
        (["a.index.json": #"{"weight_map":{"x":"a.bin","y":"b.bin"}}"#, "a.bin": ""], "b.bin"),
        (["sub/a.index.json": #"{"weight_map":{"x":"a.bin"}}"#, "sub/a.bin": ""], nil),
        (["a.index.json": "no json"], nil), (["x-0-of-0.bin": ""], nil),
        (["x-00001-of-999999999.bin": ""], nil),
    ]

    @Test(arguments: shards.indices) func shardsAreComplete(_ index: Int) async throws {
        let (files, missing) = Self.shards[index]
        try await withTestDirectory { directory in
            for (path, text) in files { try directory.pushing(FilePath(path)).write(text.utf8) }
            let tree = try ModelTree(of: directory)
            guard let missing else { return try ShardSet.check(tree) }
            let error = #expect(throws: BundleError.self) { try ShardSet.check(tree) }
            #expect(error?.message.hasSuffix(missing) == true)
        }
    }

    private static func read<Facts>(
        _ contents: some Collection<UInt8>,
        _ read: (FilePath, String) throws -> Facts
    ) throws -> Facts {
        let file = FilePath("/tmp/header-\(UInt64.random(in: 0 ... .max))")
        try file.write(contents)
        defer { try? file.removeTree() }
        return try read(file, "file")
    }
}
