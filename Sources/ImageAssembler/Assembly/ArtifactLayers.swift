import FileSystem
import SystemPackage

/// Splits an artifact into layers, always the same way for the same files.
///
/// A file of at least 1 MiB that does not compress (weights) gets a layer of its own, stored; all the rest share one
/// compressed layer. The split depends on the files alone and never on the image, so that every image of an artifact
/// has the same layers: that is why the number of layers for weights is fixed and does not grow with the room there is.
enum ArtifactLayers {
    /// Smaller files are not worth a layer, whatever is in them. Bytes.
    static let minimumWeight: Int64 = 1 << 20
    static let maximumWeightLayers = 16
    /// The most layers an artifact becomes.
    static var maximum: Int { maximumWeightLayers + 1 }

    static let samples = 8
    static let sampleSize = 64 << 10

    /// - Parameter prefix: the directory in the image.
    static func plan(_ artifact: ArtifactFiles, prefix: String, _ cancellation: CancellationFlag) throws -> [LayerPlan]
    {
        var weights: [ArtifactFiles.File] = []
        var rest: [ArtifactFiles.File] = []
        for file in artifact.files {
            try cancellation.check()
            let isWeight = file.identity.isRegularFile && file.identity.size >= minimumWeight
            if try isWeight && !isCompressible(file.location, size: file.identity.size) {
                weights.append(file)
            } else {
                rest.append(file)
            }
        }
        var plans: [LayerPlan] = []
        if !rest.isEmpty || weights.isEmpty {
            // An artifact without files still makes its directory.
            let directory = LayerEntry(path: prefix, kind: .directory)
            let entries = [directory] + rest.map { $0.entry(below: prefix) }
            plans.append(LayerPlan(name: "model files", key: nil, compression: .deflate) { entries })
        }
        return plans
            + grouped(weights).map { group in
                let entries = group.map { $0.entry(below: prefix) }
                let name =
                    group.count == 1
                    ? "model \(group[0].path)" : "model \(group[0].path) … \(group[group.count - 1].path)"
                return LayerPlan(name: name, key: nil, compression: .stored) { entries }
            }
    }

    /// At most ``maximumWeightLayers`` runs of neighbours in path order, of about equal size.
    static func grouped(_ weights: [ArtifactFiles.File]) -> [[ArtifactFiles.File]] {
        if weights.count <= maximumWeightLayers { return weights.map { [$0] } }
        let total = weights.reduce(0) { $0 + $1.identity.size }
        var groups: [[ArtifactFiles.File]] = []
        var taken: Int64 = 0
        var lastIndex = -1
        for file in weights {
            // The group that the file's middle falls into when the whole is cut into equal parts.
            let index = Int((taken + file.identity.size / 2) / (total / Int64(maximumWeightLayers) + 1))
            taken += file.identity.size
            if index > lastIndex { groups.append([file]) } else { groups[groups.count - 1].append(file) }
            lastIndex = index
        }
        return groups
    }

    /// Whether eight samples, spread over the file, shrink by a tenth or more.
    ///
    /// zlib at level 1 judges, whatever compresses later: the split must be the same on every machine.
    static func isCompressible(_ path: FilePath, size: Int64) throws -> Bool {
        let deflater = try ZlibDeflater(level: 1)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: sampleSize, alignment: 64)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: deflater.bound(sampleSize), alignment: 64)
        defer {
            buffer.deallocate()
            output.deallocate()
        }
        var read = 0
        var deflated = 0
        try naming("read", path) {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            try file.closeAfter {
                for sample in 0..<samples {
                    let offset = (size - Int64(sampleSize)) / Int64(samples - 1) * Int64(sample)
                    let count = try file.read(fromAbsoluteOffset: max(0, offset), into: buffer)
                    guard count > 0 else { continue }
                    read += count
                    deflated += try deflater.deflate(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: output)
                }
            }
        }
        return deflated * 10 <= read * 9
    }
}
