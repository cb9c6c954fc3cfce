/// What a model needs of the server's release.
struct ReleaseNeeds: Sendable, Hashable {
    /// The backends that serve its parts.
    var backends: Set<String> = []
    /// Of the newest ONNX part; 0 without any.
    var opset = 0
    var ir = 0
    /// The Python minor version of a model that runs in the Python backend; nil when any will do.
    var python: String?
    /// Whether anything runs in the Python backend's own environment, `/opt/venv`.
    var usesEnvironment = false
    /// The major version of NumPy that the requirements pin; nil when they leave it open.
    var numpyMajor: Int?

    /// Why a release cannot serve the model, a sentence; nil when it can.
    func objection(to release: TritonRelease, _ table: ReleaseTable) -> String? {
        objection(to: release, with: table.contents(of: release))
    }

    private func objection(to release: TritonRelease, with contents: ReleaseTable.Contents) -> String? {
        for backend in backends.sorted() {
            if let reason = contents.missingBackends[backend] { return reason }
        }
        if opset > 0, contents.opset > 0, opset > contents.opset {
            return "the model is of ONNX opset \(opset), and ONNX Runtime \(contents.onnxruntime ?? "") in \(release) "
                + "reads up to opset \(contents.opset)"
        }
        if ir > 0, contents.ir > 0, ir > contents.ir {
            return "the model is of ONNX IR version \(ir), and ONNX Runtime \(contents.onnxruntime ?? "") in "
                + "\(release) reads up to \(contents.ir)"
        }
        guard usesEnvironment else { return nil }
        if let python, let own = contents.python, python != own {
            return "the model needs Python \(python), and the Python backend of \(release) runs Python \(own)"
        }
        if let numpyMajor, contents.numpyBelow > 0, numpyMajor >= contents.numpyBelow {
            return "the model needs NumPy \(numpyMajor), and with the Python backend of \(release) every answer of "
                + "NumPy \(numpyMajor) is broken"
        }
        if !contents.environmentDirectories {
            return "the Python backend of \(release) takes no environment that is a directory; 23.07 is the first to"
        }
        return nil
    }

    /// The newest release that serves the model.
    func newest(in table: ReleaseTable) -> TritonRelease? {
        table.candidates.first { objection(to: $0, table) == nil }
    }

    /// - Parameter release: the one that is asked for.
    /// - Throws: ``TritonError`` `incompatible` with the reason and the nearest release that serves the model.
    func check(_ release: TritonRelease, _ table: ReleaseTable) throws {
        guard let reason = objection(to: release, table) else { return }
        let works = table.candidates.filter { objection(to: $0, table) == nil }
        let nearest = works.filter { $0 > release }.min() ?? works.first
        let advice = nearest.map { "take triton_base_image_tag \($0)-py3" } ?? Self.noRelease
        throw TritonError(.incompatible, "\(reason); \(advice)")
    }

    /// Checks an image of the user's own, whose server and Python are what its configuration says.
    ///
    /// - Throws: ``TritonError`` `incompatible`.
    func check(_ base: BaseServer, _ table: ReleaseTable) throws {
        guard let release = base.release, let contents = base.contents,
            let reason = objection(to: release, with: contents)
        else { return }
        let works = table.candidates.filter { objection(to: $0, table) == nil }
        let nearest = (works.filter { $0 > release }.min() ?? works.first).map {
            "take an image of release \($0), or triton_base_image_tag \($0)-py3 in place of dockerfileBaseImage"
        }
        throw TritonError(
            .incompatible,
            "\(reason) (dockerfileBaseImage has the server \(base.version), which is of release \(release)); "
                + (nearest ?? "name another image, or save the model with other versions")
        )
    }

    static let noRelease =
        "no release does; name an image that does in dockerfileBaseImage, or save the model with other versions"
}
