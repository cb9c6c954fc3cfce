package import SystemPackage

/// Runs containers to their end: in a Docker engine, or with a program such as `crun` where there is none.
package protocol ContainerRuntime: Sendable {
    /// Runs a container, and leaves nothing of it however it ends: a cancelled task ends it at once.
    ///
    /// What an earlier process left of a container of the same owner is removed first.
    ///
    /// - Parameter report: is given the output of the container, and what is to be known of it, line by line.
    /// - Throws: ``ContainerError``, `EngineError`, and what the image's source throws. A container that ends with
    ///   another exit code than zero is no error.
    func run(_ task: ContainerTask, report: @escaping @Sendable (ContainerReport) -> Void) async throws
        -> ContainerOutcome
}

/// What is to be run in a container.
package struct ContainerTask: Sendable {
    package var image: ContainerImage
    /// A program and its arguments, in place of the image's own.
    package var command: [String]
    /// A directory of this machine: its contents are the container's working directory, which belongs to the container's
    /// user. What becomes of it is the runtime's affair.
    package var workspace: FilePath
    /// Where the workspace is in the container.
    package var workingDirectory: String
    /// A file of the workspace that is of interest in the end.
    package var resultFile: String
    package var limits = ContainerLimits()
    package var isPrivileged = false
    /// Who the container belongs to, of whom there is one container at a time; nil for none.
    package var owner: String?

    package init(
        image: ContainerImage,
        command: [String],
        workspace: FilePath,
        workingDirectory: String,
        resultFile: String
    ) {
        self.image = image
        self.command = command
        self.workspace = workspace
        self.workingDirectory = workingDirectory
        self.resultFile = resultFile
    }

    /// Bytes that ``resultFile`` may have.
    static let resultLimit = 1 << 20
}

package enum ContainerReport: Sendable, Hashable {
    /// What the program in the container says.
    case output(String)
    /// A step on the way.
    case progress(String)
    /// What is not as it was asked for.
    case warning(String)
}

package struct ContainerOutcome: Sendable, Hashable {
    package var exitCode: Int
    /// Whether it is known that the container was ended for what memory it used.
    package var isOutOfMemory: Bool
    /// The content of the file that was asked for; nil where there is none.
    package var result: [UInt8]?

    package init(exitCode: Int, isOutOfMemory: Bool = false, result: [UInt8]?) {
        self.exitCode = exitCode
        self.isOutOfMemory = isOutOfMemory
        self.result = result
    }
}
