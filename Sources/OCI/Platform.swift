/// What an image runs on, in Go's words. Source: OCI image specification, "Image Index".
package struct Platform: Sendable, Hashable, Codable, CustomStringConvertible {
    package var architecture: String
    package var os: String
    package var variant: String?

    package init(architecture: String, os: String = "linux", variant: String? = nil) {
        self.architecture = architecture
        self.os = os
        self.variant = variant
    }

    /// Reads `linux/amd64` or `linux/arm64/v8`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(architecture: parts[1], os: parts[0], variant: parts.count == 3 ? parts[2] : nil)
    }

    package var description: String { ([os, architecture] + (variant.map { [$0] } ?? [])).joined(separator: "/") }

    /// The platform of the processor this program was compiled for.
    package static var host: Platform {
        #if arch(arm64)
            Platform(architecture: "arm64", variant: "v8")
        #else
            Platform(architecture: "amd64")
        #endif
    }

    /// Whether an image for `candidate` runs here: a variant counts only when both sides name one.
    package func accepts(_ candidate: Platform) -> Bool {
        os == candidate.os && architecture == candidate.architecture
            && (variant == nil || candidate.variant == nil || variant == candidate.variant)
    }
}
