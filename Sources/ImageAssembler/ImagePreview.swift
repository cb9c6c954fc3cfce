package import OCI

/// What an image would be, as far as it is known before anything of it is made.
package struct ImagePreview: Sendable {
    package struct Row: Sendable, Hashable {
        /// `base`, `files`, `artifact`, or the kind of the generator.
        package var kind: String
        package var name: String
        /// What the layer fills, absolute: files or directories. Empty for a layer of the base.
        package var paths: [String]
        /// Nil where it is not known which layers there will be.
        package var from: Image.Provenance?
        /// Nil for what is still to be made.
        package var descriptor: Descriptor?
    }

    /// Lowest first, the base's layers included. What is not known yet, such as the layers of an environment that has
    /// never been resolved, is one row.
    package var rows: [Row] = []
    package var execution: ImageConfiguration.Execution
    package var annotations: [String: String]
    /// What the recipe's environments install; nil as long as that is not known.
    package var packages: [LockedPackage]?
}

/// A package in the version that an environment was resolved to.
package struct LockedPackage: Sendable, Hashable, Codable {
    package var name: String
    package var version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// What a generator knows of its layers without asking anyone.
package struct KnownLayers: Sendable {
    package var packages: [LockedPackage]
    /// Lowest first; nil where more has to be known than the packages.
    package var plans: [LayerPlan]?

    package init(packages: [LockedPackage], plans: [LayerPlan]?) {
        self.packages = packages
        self.plans = plans
    }
}
