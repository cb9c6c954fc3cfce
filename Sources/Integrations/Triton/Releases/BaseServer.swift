import OCI
import PythonLayers

/// The server in a base image, as far as something says what it is.
struct BaseServer: Sendable {
    /// As the image says it, or its tag.
    var version = ""
    /// Nil when nothing tells.
    var release: TritonRelease?
    /// What the release holds, with the image's own Python.
    var contents: ReleaseTable.Contents?

    /// By the image's name, as NVIDIA's images and their mirrors are called.
    init(_ reference: ImageReference, _ table: ReleaseTable) {
        guard reference.repository.hasSuffix("tritonserver"), let tag = reference.tag,
            let release = TritonRelease(tag)
        else { return }
        (version, self.release, contents) = (tag, release, table.contents(of: release))
    }

    /// By the image's configuration, where it says more than the name: `TRITON_SERVER_VERSION`, and its Python.
    init(_ reference: ImageReference, _ configuration: ImageConfiguration, _ table: ReleaseTable) {
        self.init(reference, table)
        if let version = configuration.config?.variable("TRITON_SERVER_VERSION"),
            let release = table.release(ofServer: version)
        {
            (self.version, self.release, contents) = (version, release, table.contents(of: release))
        }
        if let python = BaseInterpreter.declared(in: configuration) {
            // An image with another Python than the release's has the program for it, too.
            contents?.python = python.version.description
        }
    }
}
