extension EnvironmentRequirements {
    /// `3.11` of `3.11.7`.
    package var minorPythonVersion: String? {
        pythonVersion.map { $0.split(separator: ".").prefix(2).joined(separator: ".") }
    }

    /// The normalised name that a PEP 508 requirement starts with: `scikit-learn` of `Scikit_Learn[all]==1.5`.
    package static func distributionName(_ requirement: String) -> String {
        let name = requirement.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        return name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }
}
