import Crypto
import FileSystem
import SystemPackage
import Testing
import Transfer

@Suite struct DownloadTests {
    static let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    static let digest = SHA256.hash(data: content).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

    @Test func writesAndHashesAFile() async throws {
        try await TestServer.with { _, connection in
            try connection.respond(200, [:], Self.content)
        } body: { server in
            try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
                let path = directory.appending("wheel.whl")
                let file = try await HTTPClient().download(
                    TransferRequest(url: server.url),
                    to: path,
                    expectedSize: Int64(Self.content.count),
                    expectedSHA256: Self.digest
                )
                #expect(file.size == Int64(Self.content.count))
                #expect(Array(file.sha256) == Array(SHA256.hash(data: Self.content)))
                let written = try path.readAll()
                #expect(written == Self.content)
                let names = try directory.entries()
                #expect(names.map(\.string) == ["wheel.whl"])
            }
        }
    }

    enum Fault: CaseIterable, Sendable {
        case wrongDigest, tooLong, tooShort, truncated, notFound, cancelled

        var code: TransferError.Code? {
            switch self {
            case .wrongDigest: .digestMismatch
            case .tooLong: .tooLong
            case .tooShort, .truncated: .truncated
            case .notFound: .status
            case .cancelled: nil
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func leavesNothingBehind(fault: Fault) async throws {
        try await TestServer.with { _, connection in
            switch fault {
            case .notFound: try connection.respond(404, text: "no")
            case .truncated:
                try connection.respond(200, ["Content-Length": "\(Self.content.count + 1)"], Self.content)
                connection.hangUp()
            case .cancelled:
                try connection.respond(200, ["Content-Length": "\(Self.content.count + 1)"], Self.content)
                connection.waitForHangUp()
            default: try connection.respond(200, [:], Self.content)
            }
        } body: { server in
            try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
                let path = directory.appending("file")
                try path.writeAtomically([1, 2, 3])
                let size = Int64(Self.content.count)
                let download = Task {
                    try await HTTPClient().download(
                        TransferRequest(url: server.url),
                        to: path,
                        expectedSize: fault == .tooLong ? size - 1 : fault == .tooShort ? size + 1 : nil,
                        expectedSHA256: String(repeating: "0", count: 64)
                    )
                }
                if let code = fault.code {
                    await expectError(code) { try await download.value }
                } else {
                    try await waitUntil { (try? directory.entries().count) == 2 }
                    download.cancel()
                    await #expect(throws: CancellationError.self) { try await download.value }
                }
                let names = try directory.entries()
                #expect(names.map(\.string) == ["file"])
                let kept = try path.readAll()
                #expect(kept == [1, 2, 3])
            }
        }
    }
}
