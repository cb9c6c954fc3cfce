import CCurl
import Glibc
import Synchronization

/// The threads of the process's transfer loops: none may be inside libcurl or OpenSSL when the process exits.
final class LoopThreads: Sendable {
    static let shared = LoopThreads()

    private struct Running {
        var thread: pthread_t
        /// Nil when its work is done: what is left is to join the thread.
        var loop: TransferLoop?
    }

    private struct State {
        var threads: [ObjectIdentifier: Running] = [:]
        var isExiting = false
    }

    private let state = Mutex(State())

    /// Starts the thread of a loop.
    ///
    /// - Throws: ``TransferError`` when the system gives none, or the process is about to end.
    func start(_ loop: TransferLoop) throws {
        let ended: [pthread_t] = try state.withLock { state in
            var thread = pthread_t()
            // The thread takes its first step when this lock is free, and finds itself registered.
            guard !state.isExiting,
                pthread_create(&thread, nil, Self.main, Unmanaged.passUnretained(loop).toOpaque()) == 0
            else { throw TransferError(.other, "the client", "gets no thread from the system") }
            let ended = state.threads.filter { $0.value.loop == nil }
            for id in ended.keys { state.threads[id] = nil }
            state.threads[ObjectIdentifier(loop)] = Running(thread: thread, loop: loop)
            return ended.values.map(\.thread)
        }
        for thread in ended { pthread_join(thread, nil) }
    }

    /// Stops all loops and waits until their threads are gone, for two seconds at most: a name server that does not
    /// answer must not keep the process.
    func end() {
        let loops = state.withLock { state in
            state.isExiting = true
            return state.threads.values.compactMap(\.loop)
        }
        for loop in loops { loop.post(.stop) }
        for _ in 0..<2000 where state.withLock({ !$0.threads.values.allSatisfy { $0.loop == nil } }) { usleep(1000) }
        for thread in state.withLock({ $0.threads.values.filter { $0.loop == nil }.map(\.thread) }) {
            pthread_join(thread, nil)
        }
    }

    private func loop(_ id: ObjectIdentifier) -> TransferLoop? { state.withLock { $0.threads[id]?.loop } }

    private func didEnd(_ id: ObjectIdentifier) { state.withLock { $0.threads[id]?.loop = nil } }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context else { return nil }
        let id = ObjectIdentifier(Unmanaged<TransferLoop>.fromOpaque(context).takeUnretainedValue())
        ccurl_name_thread("http-transfer")
        shared.loop(id)?.run()
        shared.didEnd(id)
        return nil
    }
}
