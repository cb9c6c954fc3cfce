import JSON

/// Lists, objects, and schemas made of schemas.
extension JSONSchema {
    func arrayErrors(_ elements: [JSONValue], at path: String) -> [String] {
        var errors: [String] = []
        var violations: [String] = []
        for (index, element) in elements.enumerated() {
            guard let schema = schema(ofElement: index) else { continue }
            violations += schema.errors(in: element, at: "\(path).\(index)")
        }
        if let first = self["items"]?.arrayValue, first.count < elements.count, self["additionalItems"] == false {
            errors.append("No additional items allowed on array")
        }
        if let minimum = self["minItems"]?.integerValue, elements.count < minimum {
            errors.append("Array must have at least \(minimum) items")
        }
        if let maximum = self["maxItems"]?.integerValue, elements.count > maximum {
            errors.append("Array must have at most \(maximum) items")
        }
        if self["uniqueItems"] == true {
            var seen: [JSONValue: Int] = [:]
            for (index, element) in elements.enumerated() {
                if let other = seen.updateValue(index, forKey: element.comparable) {
                    errors.append("array items[\(other),\(index)] must be unique")
                }
            }
        }
        if let definition = self["contains"] {
            let schema = JSONSchema(definition)
            if !elements.contains(where: schema.accepts) { errors.append("At least one of the items must match") }
        }
        return violations + errors.map { "\(path): \($0)" }
    }

    /// `items` is one schema for all, or one for each of the first, before `additionalItems`.
    private func schema(ofElement index: Int) -> JSONSchema? {
        guard let items = self["items"] else { return nil }
        guard let first = items.arrayValue else { return JSONSchema(items) }
        if index < first.count { return JSONSchema(first[index]) }
        guard let more = self["additionalItems"], more != false else { return nil }
        return JSONSchema(more)
    }

    func objectErrors(_ members: [String: JSONValue]) -> [String] {
        var errors: [String] = []
        if let minimum = self["minProperties"]?.integerValue, members.count < minimum {
            errors.append("Must have at least \(minimum) properties")
        }
        if let maximum = self["maxProperties"]?.integerValue, members.count > maximum {
            errors.append("Must have at most \(maximum) properties")
        }
        for name in self["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where members[name] == nil {
            errors.append("\(name) is required")
        }
        let names = members.keys.sorted()
        for name in names where schemas(ofMember: name).isEmpty && self["additionalProperties"] == false {
            errors.append("Additional property \(name) is not allowed")
        }
        if let definition = self["propertyNames"] {
            let schema = JSONSchema(definition)
            for name in names where !schema.accepts(.string(name)) {
                errors.append("Property name of \"\(name)\" does not match")
            }
        }
        return errors
    }

    func memberErrors(_ members: [String: JSONValue], at path: String) -> [String] {
        members.sorted { $0.key < $1.key }.flatMap { name, value in
            let named = schemas(ofMember: name)
            let all = named.isEmpty ? [self["additionalProperties"]].compactMap(\.self).map(JSONSchema.init) : named
            // One that is not allowed at all has been said to be additional.
            return all.filter { !named.isEmpty || $0.definition != false }
                .flatMap { $0.errors(in: value, at: "\(path).\(name)") }
        }
    }

    /// Of `properties` and `patternProperties`.
    private func schemas(ofMember name: String) -> [JSONSchema] {
        let own = [self["properties"]?[name]].compactMap(\.self)
        let patterns = self["patternProperties"]?.objectValue ?? [:]
        return (own + patterns.sorted { $0.key < $1.key }.filter { Self.matches(name, $0.key) }.map(\.value))
            .map(JSONSchema.init)
    }

    func combinationErrors(in value: JSONValue, at path: String) -> [String] {
        var errors: [String] = []
        func outcomes(_ keyword: String) -> [[String]]? {
            self[keyword]?.arrayValue?.map { JSONSchema($0).errors(in: value, at: path) }
        }
        /// What comes nearest to what is right.
        func fewest(_ outcomes: [[String]]) -> [String] { outcomes.min { $0.count < $1.count } ?? [] }
        if let outcomes = outcomes("anyOf"), outcomes.allSatisfy({ !$0.isEmpty }) {
            errors.append("\(path): Must validate at least one schema (anyOf)")
            errors += fewest(outcomes)
        }
        if let outcomes = outcomes("oneOf") {
            let valid = outcomes.count(where: \.isEmpty)
            if valid != 1 { errors.append("\(path): Must validate one and only one schema (oneOf)") }
            if valid == 0 { errors += fewest(outcomes) }
        }
        if let outcomes = outcomes("allOf"), !outcomes.allSatisfy(\.isEmpty) {
            errors += outcomes.flatMap(\.self)
            errors.append("\(path): Must validate all the schemas (allOf)")
        }
        if let definition = self["not"], JSONSchema(definition).accepts(value) {
            errors.append("\(path): Must not validate the schema (not)")
        }
        errors += dependencyErrors(in: value, at: path)
        if let condition = self["if"] {
            let holds = JSONSchema(condition).accepts(value)
            let violations = self[holds ? "then" : "else"].map { JSONSchema($0).errors(in: value, at: path) } ?? []
            if !violations.isEmpty {
                let sentence = holds ? "\"then\" as \"if\" was valid" : "\"else\" as \"if\" was not valid"
                errors += ["\(path): Must validate \(sentence)"] + violations
            }
        }
        return errors
    }

    private func dependencyErrors(in value: JSONValue, at path: String) -> [String] {
        guard let members = value.objectValue, let dependencies = self["dependencies"]?.objectValue else { return [] }
        return dependencies.sorted { $0.key < $1.key }.flatMap { name, dependency -> [String] in
            guard members[name] != nil else { return [] }
            guard let names = dependency.arrayValue?.compactMap(\.stringValue) else {
                return JSONSchema(dependency).errors(in: value, at: path)
            }
            return names.filter { members[$0] == nil }.map { "\(path): Has a dependency on \($0)" }
        }
    }
}
