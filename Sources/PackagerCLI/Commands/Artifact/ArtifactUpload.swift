import ArgumentParser
import FileSystem
import HTTPTypes
import JSON
import PackagerCore
import SystemPackage
import Transfer

struct ArtifactUpload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Upload an artifact; one of the same name is replaced.",
        discussion: """
            Examples:
              packager artifact upload wine.zip
              packager artifact upload ./out/model.tar.gz --name wine-2.tar.gz --description "second harvest"
            """
    )

    @Argument(help: "The file: a zip, a tar (also compressed) or a single model file.", completion: .file())
    var file: String

    @Option(name: .long, help: "The artifact's name. Default: the file's.")
    var name: String?

    @Option(name: .long, help: "What it is.")
    var description: String?

    @OptionGroup var output: OptionalOutputOptions
    @OptionGroup var general: GeneralOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = FilePath(file)
        guard let identity = try? FileIdentity(of: path) else { throw CommandError("there is no file \(file)") }
        guard identity.isRegularFile else {
            throw CommandError("\(file) is no file; pack a directory first: tar -czf model.tar.gz -C \(file) .")
        }
        let name = name ?? path.lastComponent?.string ?? file
        let client = try APIClient(server)
        let query = description.map { "?description=\($0.percentEncoded)" } ?? ""
        var request = client.request(.put, "/artifact/\(name.percentEncoded)\(query)")
        request.headers[.contentType] = "application/octet-stream"
        let progress = ProgressDisplay(general, title: "uploading \(name)", total: identity.size)
        request.body = .stream(FileChunks(path: path, progress: progress), length: identity.size)
        let info = try await progress.during { [request] in try await client.answer(to: request) }
        if let format = output.output {
            print(try format.render([info], columns: ArtifactList.columns))
        } else {
            print("\(name) \(info["digest"]?.stringValue ?? "")")
        }
    }
}

/// A file's bytes as an upload asks for them, counted.
private struct FileChunks: AsyncSequence, Sendable {
    var path: FilePath
    var progress: ProgressDisplay

    func makeAsyncIterator() -> Iterator { Iterator(path: path, progress: progress) }

    final class Iterator: AsyncIteratorProtocol {
        private let path: FilePath
        private let progress: ProgressDisplay
        private var file: FileDescriptor?

        init(path: FilePath, progress: ProgressDisplay) {
            self.path = path
            self.progress = progress
        }

        deinit { try? file?.close() }

        func next() async throws -> [UInt8]? {
            let file = try self.file ?? FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            self.file = file
            let chunk = try await blocking {
                try [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
            if chunk.isEmpty { return nil }
            progress.add(Int64(chunk.count))
            return chunk
        }
    }
}
