import ImageAssembler
import Transfer

/// What is counted while a command works.
struct ProgressCounts: Sendable, Hashable {
    var received: Int64 = 0
    /// What transfers that have begun said they have; 0 where none has.
    var toReceive: Int64 = 0
    var sent: Int64 = 0
    var toSend: Int64 = 0
    /// Bytes that layers are made of.
    var layers: Int64 = 0

    init() {}

    init(_ transfers: TransferMeter, _ layers: LayerMeter) {
        received = transfers.received
        toReceive = transfers.toReceive
        sent = transfers.sent
        toSend = transfers.toSend
        self.layers = layers.made
    }

    /// How far a packaging is: it gets wheels, makes layers and sends them at the same time. More may be announced at any
    /// moment.
    func packagingText(seconds: Double) -> String {
        let parts = [("received", received, toReceive), ("layers", layers, 0), ("sent", sent, toSend)]
        let lines = parts.filter { $0.1 > 0 }.map { title, done, announced in
            ProgressLine(title: title, done: done, total: announced >= done ? announced : nil, seconds: seconds).text
        }
        return (["packaging, \(seconds.rounded(.down).humanDuration)"] + lines).joined(separator: "; ")
    }
}
