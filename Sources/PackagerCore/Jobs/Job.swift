/// One claimed run of a packaging: whoever holds its lease may report how it ended.
struct Job: Sendable {
    var id: Int64
    /// The row of the packaging; another one than that of a packaging of the same name made later.
    var packagingRow: Int64
    /// Unique to this claim.
    var lease: String
    /// Counted from 1 over the packaging's whole life.
    var attempt: Int
    var packaging: ModelPackaging
}

/// Whether a claimed job still belongs to its worker.
enum LeaseState: Sendable {
    case held
    /// The packaging was replaced or deleted.
    case cancelled
    /// The lease ran out and another worker has the job, or it is gone.
    case lost
}
