import FileSystem
import HTTPTypes
import Synchronization
import SystemPackage
import Testing
import Transfer

/// Back-pressure, memory and cancellation.
@Suite(.serialized) struct FlowTests {
    let client: HTTPClient

    init() throws { client = try HTTPClient() }

    /// Writes zeros without end until the client hangs up, counting them.
    static func pour(_ connection: TestConnection, _ count: borrowing Atomic<Int>) throws {
        try connection.write(Array("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n".utf8))
        let block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            try connection.write(block)
            count.add(block.count, ordering: .relaxed)
        }
    }

    @Test func holdsTheServerBackForASlowReader() async throws {
        let counter = Counter()
        try await TestServer.with { _, connection in
            try Self.pour(connection, counter.value)
        } body: { server in
            let response = try await client.stream(TransferRequest(url: server.url))
            var read = 0
            for try await chunk in response.body {
                read += chunk.count
                if read > 1 << 20 { break }
            }
            try await Task.sleep(for: .seconds(1))
            // Our buffers, libcurl's and the kernel's two: far from what loopback moves in a second.
            #expect(counter.total < 24 << 20)
            #expect(counter.total >= read - 1 << 20)
        }
    }

    @Test func dropsTheConnectionOfABodyNobodyReads() async throws {
        let counter = Counter()
        try await TestServer.with { _, connection in
            try Self.pour(connection, counter.value)
        } body: { server in
            do { _ = try await client.stream(TransferRequest(url: server.url)) }
            try await waitUntil { server.connectionCount == 0 }
        }
    }

    @Test(arguments: [true, false])
    func uploadsAGibibyteAtFlatMemory(fromFile: Bool) async throws {
        let size: Int64 = 1 << 30
        let counter = Counter()
        try await withTemporaryDirectory(in: FilePath("/tmp")) { directory in
            let path = directory.appending("sparse")
            let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.resize(to: size)
            try file.close()
            try await TestServer.with { _, connection in
                while true {
                    let part = try connection.readBody()
                    if part.isEmpty { break }
                    counter.value.add(part.count, ordering: .relaxed)
                }
                try connection.respond(201)
            } body: { server in
                let before = try residentMemory()
                let body: HTTPBody =
                    fromFile ? .file(path, offset: 0, length: size) : .stream(Zeros(count: Int(size)), length: size)
                async let sending = client.send(TransferRequest(.put, url: server.url, body: body))
                var peak = before
                while counter.total < Int(size) {
                    peak = max(peak, try residentMemory())
                    try await Task.sleep(for: .milliseconds(20))
                }
                let response = try await sending
                #expect(response.head.status.code == 201)
                // Wide, since other suites run in this process: a buffered body would take all of 1 GiB.
                #expect(peak - before < 256 << 20, "grew by \((peak - before) >> 20) MiB")
            }
        }
    }

    enum Moment: CaseIterable, Sendable { case connecting, waiting, uploading, reading }

    @Test(arguments: Moment.allCases)
    func cancelsAtOnce(moment: Moment) async throws {
        let counter = Counter()
        try await TestServer.with(isMute: moment == .connecting) { _, connection in
            switch moment {
            case .connecting, .waiting: connection.waitForHangUp()
            case .uploading: while try !connection.readBody().isEmpty { counter.value.add(1, ordering: .relaxed) }
            case .reading: try Self.pour(connection, counter.value)
            }
        } body: { server in
            let url = moment == .connecting ? "https://\(server.address)" : server.url
            let task = Task {
                switch moment {
                case .connecting, .waiting: _ = try await client.send(TransferRequest(url: url))
                case .uploading:
                    let body = HTTPBody.stream(Zeros(count: 1 << 50), length: nil)
                    _ = try await client.send(TransferRequest(.put, url: url, body: body))
                case .reading:
                    let response = try await client.stream(TransferRequest(url: url))
                    for try await _ in response.body {}
                }
            }
            switch moment {
            case .connecting: try await waitUntil { server.connectionCount == 1 }
            case .waiting: try await waitUntil { !server.requests.isEmpty }
            case .uploading, .reading: try await waitUntil { counter.total > 10 }
            }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(20))
            try await waitUntil { server.connectionCount == 0 }
        }
    }
}

final class Counter: Sendable {
    let value = Atomic<Int>(0)
    var total: Int { value.load(ordering: .relaxed) }
}
