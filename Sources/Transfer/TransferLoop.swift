import CCurl
import Glibc
import Synchronization

/// The thread that owns every libcurl handle; the rest of the process writes to its mailbox.
final class TransferLoop: Sendable {
    enum Command: Sendable {
        /// The transfer is made on the loop's thread and never leaves it.
        case start(Exchange, @Sendable () throws -> ActiveTransfer)
        case cancel(UInt64)
        /// A side that was paused for want of room or bytes may go on.
        case resume(UInt64)
        case stop
    }

    private struct Mailbox {
        var commands: [Command] = []
        var isStopped = false
    }

    private let mailbox = Mutex(Mailbox())
    private let multi: MultiHandle

    private init(_ configuration: HTTPClient.Configuration) throws {
        guard Self.isLibraryReady, let pointer = curl_multi_init() else {
            throw TransferError(.other, "the client", "has no memory left")
        }
        multi = MultiHandle(pointer: pointer)
        ccurl_multi_set_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHost)
        ccurl_multi_set_long(pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.connections)
    }

    static func start(_ configuration: HTTPClient.Configuration) throws -> TransferLoop {
        let loop = try TransferLoop(configuration)
        do {
            try LoopThreads.shared.start(loop)
        } catch {
            curl_multi_cleanup(loop.multi.pointer)
            throw error
        }
        return loop
    }

    static func nextID() -> UInt64 { lastID.add(1, ordering: .relaxed).newValue }

    private static let lastID = Atomic<UInt64>(0)
    private static let isLibraryReady: Bool = {
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else { return false }
        // The last registered runs first: threads have ended when OpenSSL's handler, registered above, frees its locks.
        return atexit { LoopThreads.shared.end() } == 0
    }()

    /// From any thread. After `stop` a start fails at once and everything else is without effect.
    func post(_ command: Command) {
        let refused = mailbox.withLock { mailbox in
            if mailbox.isStopped { return true }
            if case .stop = command { mailbox.isStopped = true }
            mailbox.commands.append(command)
            // Under the lock: the thread frees the handle only after it has taken `stop` from here.
            curl_multi_wakeup(multi.pointer)
            return false
        }
        if refused, case .start(let exchange, _) = command { exchange.finish(.failure(Self.shutDown(exchange))) }
    }

    private static func shutDown(_ exchange: Exchange) -> TransferError {
        TransferError(.shutDown, exchange.address, "is not asked any more: the client is shut down")
    }

    /// The thread's work, until `stop`.
    func run() {
        blockBrokenPipeSignal()
        var transfers: [UInt64: ActiveTransfer] = [:]
        var isRunning = true
        while isRunning {
            for command in mailbox.withLock({ exchangeEmpty(&$0.commands) }) {
                switch command {
                case .start(let exchange, let make):
                    do {
                        let transfer = try make()
                        curl_multi_add_handle(multi.pointer, transfer.handle)
                        transfers[exchange.id] = transfer
                    } catch {
                        exchange.finish(.failure(error))
                    }
                case .cancel(let id): end(&transfers, id, .failure(CancellationError()))
                case .resume(let id): transfers[id]?.resume()
                case .stop: isRunning = false
                }
            }
            var running: Int32 = 0
            curl_multi_perform(multi.pointer, &running)
            for transfer in transfers.values { transfer.exchange.flush() }
            takeResults(&transfers)
            for transfer in transfers.values {
                if let error = transfer.overdue() { end(&transfers, transfer.exchange.id, .failure(error)) }
            }
            if isRunning { curl_multi_poll(multi.pointer, nil, 0, transfers.isEmpty ? 60_000 : 100, nil) }
        }
        for transfer in transfers.values {
            end(&transfers, transfer.exchange.id, .failure(Self.shutDown(transfer.exchange)))
        }
        curl_multi_cleanup(multi.pointer)
    }

    private func takeResults(_ transfers: inout [UInt64: ActiveTransfer]) {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = transfers.values.first(where: { $0.handle == handle })
            else { continue }
            end(&transfers, transfer.exchange.id, transfer.outcome(ccurl_message_result(message)))
        }
    }

    /// The handle is gone before whoever waits is told.
    private func end(_ transfers: inout [UInt64: ActiveTransfer], _ id: UInt64, _ result: Result<Void, any Error>) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        curl_multi_remove_handle(multi.pointer, transfer.handle)
        let exchange = transfer.exchange
        transfer.close()
        exchange.finish(result)
    }
}

/// A multi handle. Only the loop's thread uses it, but for `curl_multi_wakeup`, which libcurl allows from any thread:
/// hence the unchecked conformance.
private struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
}

/// OpenSSL writes to its socket without `MSG_NOSIGNAL`: a server that hangs up must not end the process.
private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}

private func exchangeEmpty<Element>(_ array: inout [Element]) -> [Element] {
    let taken = array
    array = []
    return taken
}
