/// One run of a packaging, the current or an earlier one.
package struct PackagingAttempt: Sendable, Hashable, Codable {
    /// Counted from 1 over the packaging's whole life.
    package var attempt: Int
    /// As it was when the run began.
    package var spec: ModelPackaging.Spec
    package var status: ModelPackaging.Status
    /// Of the image, as far as they were made; nil for a run of a version that did not keep them.
    package var layers: [PackagedLayer]?
    package var traffic: PackagingTraffic?
}
