package import OCI

extension ImagePusher {
    /// What a push did with an image's blobs, its configuration among them.
    package struct Report: Sendable, Hashable, Codable {
        package enum Outcome: String, Sendable, Hashable, Codable {
            case uploaded
            /// Taken over from another repository at the destination.
            case mounted
            /// There already.
            case skipped
        }

        package struct Blob: Sendable, Hashable, Codable {
            package var digest: Digest
            /// Bytes.
            package var size: Int64
            package var outcome: Outcome

            package init(digest: Digest, size: Int64, outcome: Outcome) {
                self.digest = digest
                self.size = size
                self.outcome = outcome
            }
        }

        package struct Tally: Sendable, Hashable {
            package var count: Int
            package var bytes: Int64

            package init(count: Int, bytes: Int64) {
                self.count = count
                self.bytes = bytes
            }
        }

        /// Each blob once, the configuration last.
        package var blobs: [Blob]
        package var seconds: Double

        package init(blobs: [Blob], seconds: Double) {
            self.blobs = blobs
            self.seconds = seconds
        }

        package var uploaded: Tally { tally(.uploaded) }
        package var mounted: Tally { tally(.mounted) }
        package var skipped: Tally { tally(.skipped) }

        /// What became of one blob; nil when the image has no such blob.
        package func outcome(of digest: Digest) -> Outcome? { blobs.first { $0.digest == digest }?.outcome }

        private func tally(_ outcome: Outcome) -> Tally {
            let matching = blobs.filter { $0.outcome == outcome }
            return Tally(count: matching.count, bytes: matching.reduce(0) { $0 + $1.size })
        }
    }
}
