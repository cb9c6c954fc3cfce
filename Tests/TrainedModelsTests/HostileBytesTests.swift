import FileSystem
import SystemPackage
import Testing

@testable import TrainedModels

/// Whatever a file holds, reading it ends in a model, in none, or in a ``ModelError``.
struct HostileBytesTests {
    private static let fixtures = [
        "skl_zipmap.onnx", "several_inputs.onnx", "ir3_initializers.onnx", "external_data/model.onnx", "traced.pt",
        "exported.pt2", "xgboost.ubj", "xgboost.json", "lightgbm.txt", "classifier.joblib", "classifier.skops",
        "classifier_zlib.joblib", "classifier_lzma.joblib", "classifier_lz4.joblib", "wine_openvino/model.xml",
    ]

    /// Reads bytes as every format, not only the one that they are recognised as.
    private func read(_ bytes: some Sequence<UInt8>, _ name: String, in directory: FilePath) throws {
        let path = directory.appending(name)
        let file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        try file.closeAfter { _ = try file.writeAll(Array(bytes)) }
        let artifact = Artifact(root: directory)
        func tolerate(_ body: () throws -> Void) throws {
            do { try body() } catch is ModelError {}
        }
        try tolerate { _ = try artifact.part(at: name) }
        try tolerate { _ = try ONNXModel(try BlockFile(path, name: name)) }
        try tolerate { _ = try SavedModel(try BlockFile(path, name: name)) }
        try tolerate { _ = try OpenVINOModel(try BlockFile(path, name: name)) }
        try tolerate { _ = try PickledModel(try BlockFile(path, name: name)) }
        try tolerate { _ = try GraphDefModel.recognizes(try BlockFile(path, name: name)) }
        for format in [ModelFormat.xgboost, .lightgbm] {
            try tolerate { _ = try TreeModel.header(try BlockFile(path, name: name), format) }
        }
    }

    @Test(arguments: fixtures + ["wine_savedmodel/saved_model.pb"])
    func truncations(name: String) async throws {
        let bytes = try Models.root.appending(name).readAll()
        let step = max(1, bytes.count / 200)
        try await withTemporaryDirectory(in: "/tmp", prefix: "models-tests") { directory in
            let file = FilePath(name).lastComponent?.string ?? "x"
            for length in stride(from: 0, to: bytes.count, by: step) {
                try read(bytes[..<length], file, in: directory)
            }
        }
    }

    @Test(arguments: fixtures + ["wine_savedmodel/saved_model.pb"])
    func mutations(name: String) async throws {
        var random = Generator(state: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
        let bytes = try Models.root.appending(name).readAll()
        try await withTemporaryDirectory(in: "/tmp", prefix: "models-tests") { directory in
            let file = FilePath(name).lastComponent?.string ?? "x"
            for _ in 0..<150 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let index = Int.random(in: 0..<changed.count, using: &random)
                    changed[index] =
                        [0, 0xff, 0x7f, 0x80, UInt8.random(in: 0...255, using: &random)]
                        .randomElement(using: &random) ?? 0
                }
                try read(changed, file, in: directory)
            }
        }
    }

    @Test func noise() async throws {
        var random = Generator(state: 1)
        try await withTemporaryDirectory(in: "/tmp", prefix: "models-tests") { directory in
            for round in 0..<500 {
                let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                    UInt8.random(in: 0...(round % 2 == 0 ? 255 : 24), using: &random)
                }
                try read(bytes, ["x.onnx", "x.pt", "x.xml", "x"][round % 4], in: directory)
            }
        }
    }

    @Test func messagesNestedWithoutEndAreRefused() async throws {
        var bytes: [UInt8] = []
        for _ in 0..<200 {
            var length = bytes.count
            var prefix: [UInt8] = []
            while length >= 0x80 {
                prefix.append(UInt8(length & 0x7f) | 0x80)
                length >>= 7
            }
            bytes = [0x0a] + prefix + [UInt8(length)] + bytes
        }
        try await withTemporaryDirectory(in: "/tmp", prefix: "models-tests") { directory in
            let path = directory.appending("x")
            try path.writeAtomically(bytes)
            func descend(_ reader: ProtobufReader) throws {
                var reader = reader
                while let field = try reader.next() { try descend(try reader.message(field)) }
            }
            let error = #expect(throws: ModelError.self) { try descend(ProtobufReader(try BlockFile(path, name: "x"))) }
            #expect(error?.reason.contains("nested too deeply") ?? false)
        }
    }

    /// SplitMix64: the same bytes in every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }
}
