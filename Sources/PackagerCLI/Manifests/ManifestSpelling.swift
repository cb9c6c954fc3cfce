import JSON
import PackagerCore
import SystemPackage

/// Finds misspelled members of manifests. Unknown ones are ignored, as ODAHU does, unless they look like a known one
/// that is not there.
struct ManifestSpelling {
    private struct Level {
        /// Where the members are; `[]` stands for every element of a list.
        var path: [String]
        var known: [String]
    }

    private var levels: [Level]

    static let modelPackaging = ManifestSpelling(levels: [
        Level(path: [], known: ["kind"] + names(ModelPackaging.CodingKeys.self)),
        Level(path: ["spec"], known: names(ModelPackaging.Spec.CodingKeys.self)),
        Level(path: ["spec", "targets", "[]"], known: names(ModelPackaging.Target.CodingKeys.self)),
    ])

    static let packagingIntegration = ManifestSpelling(levels: [
        Level(path: [], known: ["kind"] + names(PackagingIntegration.CodingKeys.self)),
        Level(path: ["spec"], known: names(PackagingIntegration.Spec.CodingKeys.self)),
    ])

    static let connection = ManifestSpelling(levels: [
        Level(path: [], known: ["kind"] + names(Connection.CodingKeys.self)),
        Level(path: ["spec"], known: names(Connection.Spec.CodingKeys.self)),
    ])

    private static func names<Key: CodingKey & CaseIterable>(_ keys: Key.Type) -> [String] {
        keys.allCases.map(\.stringValue)
    }

    /// - Throws: ``CommandError`` that names the member and the one that was likely meant.
    func check(_ document: JSONValue, _ file: FilePath) throws {
        for level in levels {
            for (place, members) in objects(in: document, at: level.path[...], "") {
                for name in members.keys.sorted() where !level.known.contains(name) {
                    guard let meant = level.known.first(where: { members[$0] == nil && Spelling.isLike($0, name) })
                    else {
                        continue
                    }
                    throw CommandError("\(file): unknown field \"\(place)\(name)\"; did you mean \"\(place)\(meant)\"?")
                }
            }
        }
    }

    private func objects(
        in value: JSONValue,
        at path: ArraySlice<String>,
        _ place: String
    ) -> [(String, [String: JSONValue])] {
        guard let next = path.first else { return value.objectValue.map { [(place, $0)] } ?? [] }
        let rest = path.dropFirst()
        if next == "[]" {
            return (value.arrayValue ?? []).enumerated().flatMap { index, element in
                objects(in: element, at: rest, "\(place.dropLast())[\(index)].")
            }
        }
        return value[next].map { objects(in: $0, at: rest, "\(place)\(next).") } ?? []
    }
}
