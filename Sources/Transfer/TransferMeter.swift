import Synchronization

/// Counts the bytes of bodies that transfers move, for whoever shows how far they are.
///
/// Transfers that are started while one is ``current`` are counted by it, also those of child tasks.
package final class TransferMeter: Sendable {
    @TaskLocal package static var current: TransferMeter?

    private let sentBytes = Atomic<Int64>(0)
    private let receivedBytes = Atomic<Int64>(0)
    private let announcedToSend = Atomic<Int64>(0)
    private let announcedToReceive = Atomic<Int64>(0)

    package init() {}

    /// Bytes so far; what is sent again counts again.
    package var sent: Int64 { sentBytes.load(ordering: .relaxed) }
    /// Bytes so far.
    package var received: Int64 { receivedBytes.load(ordering: .relaxed) }
    /// Bytes that transfers which have begun said they have; 0 where none has said so.
    package var toSend: Int64 { announcedToSend.load(ordering: .relaxed) }
    package var toReceive: Int64 { announcedToReceive.load(ordering: .relaxed) }

    func add(sent count: Int) { sentBytes.wrappingAdd(Int64(count), ordering: .relaxed) }
    func add(received count: Int) { receivedBytes.wrappingAdd(Int64(count), ordering: .relaxed) }
    func announce(sending count: Int64) { announcedToSend.wrappingAdd(count, ordering: .relaxed) }
    func announce(receiving count: Int64) { announcedToReceive.wrappingAdd(count, ordering: .relaxed) }
}
