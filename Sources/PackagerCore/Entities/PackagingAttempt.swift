/// One run of a packaging, the current or an earlier one.
package struct PackagingAttempt: Sendable, Hashable, Codable {
    /// Counted from 1 over the packaging's whole life.
    package var attempt: Int
    /// As it was when the run began.
    package var spec: ModelPackaging.Spec
    package var status: ModelPackaging.Status
}
