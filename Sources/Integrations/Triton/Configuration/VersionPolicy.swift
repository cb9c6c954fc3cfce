/// Which of the versions that are there are served: one of three.
package struct VersionPolicy: Sendable, Hashable {
    package struct Latest: Sendable, Hashable {
        package var count: UInt32 = 0

        package init() {}
    }

    package struct All: Sendable, Hashable {
        package init() {}
    }

    package struct Specific: Sendable, Hashable {
        package var versions: [Int64] = []

        package init() {}
    }

    package var latest: Latest?
    package var all: All?
    package var specific: Specific?

    package init() {}
}

extension VersionPolicy.Latest: TextMessage {
    static var fields: [MessageField<Self>] { [.one("num_versions", \.count)] }
}

extension VersionPolicy.All: TextMessage {
    static var fields: [MessageField<Self>] { [] }
}

extension VersionPolicy.Specific: TextMessage {
    static var fields: [MessageField<Self>] { [.many("versions", \.versions)] }
}

extension VersionPolicy: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .optional("latest", \.latest, choice: "policy_choice"),
            .optional("all", \.all, choice: "policy_choice"),
            .optional("specific", \.specific, choice: "policy_choice"),
        ]
    }
}
