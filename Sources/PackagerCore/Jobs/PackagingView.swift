/// Where a packaging stands, as it is told to those who watch it.
struct PackagingView: Sendable, Hashable {
    var status: ModelPackaging.Status
    var layers: [PackagedLayer] = []
    var traffic = PackagingTraffic()

    /// What has happened since an earlier look; nil for the first one, which says all there is. The end comes last.
    func events(since earlier: PackagingView?) -> [PackagingEvent] {
        guard earlier != nil || !status.state.isTerminal else { return [.status(status)] }
        // Another attempt begins with nothing.
        let then = earlier?.status.attempt == status.attempt ? earlier : nil
        let happened = steps(since: then) + layers(since: then) + traffic(since: then)
        guard earlier?.outline != outline else { return happened }
        return status.state.isTerminal ? happened + [.status(status)] : [.status(status)] + happened
    }

    /// The status without what has events of its own.
    private var outline: ModelPackaging.Status {
        var outline = status
        outline.steps = nil
        return outline
    }

    /// Beginnings and ends, also of steps that were over before anyone looked.
    private func steps(since then: PackagingView?) -> [PackagingEvent] {
        let known = then?.status.steps ?? []
        return (status.steps ?? []).enumerated().flatMap { index, step -> [PackagingEvent] in
            let before = index < known.count ? known[index] : nil
            // The seconds of a step that runs always change.
            if let before, before.state == step.state, before.bytes == step.bytes { return [] }
            let beginning: [PackagingEvent] = before == nil ? [.step(PackagingStep(name: step.name))] : []
            let isBeginning = before == nil && step.state == .running && step.bytes == nil
            return isBeginning ? beginning : beginning + [.step(step)]
        }
    }

    /// Layers that are ready, and once more those of which is known how they came to where the image is.
    private func layers(since then: PackagingView?) -> [PackagingEvent] {
        let known = Dictionary((then?.layers ?? []).map { ($0.digest, $0) }) { first, _ in first }
        return layers.filter { known[$0.digest]?.push != $0.push || known[$0.digest] == nil }.map { .layer($0) }
    }

    private func traffic(since then: PackagingView?) -> [PackagingEvent] {
        traffic == (then?.traffic ?? PackagingTraffic()) ? [] : [.traffic(traffic)]
    }
}
