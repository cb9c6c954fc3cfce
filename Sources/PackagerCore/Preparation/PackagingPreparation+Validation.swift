import JSON

extension PackagingPreparation {
    /// The packaging with its defaults filled in.
    ///
    /// - Throws: ``ServiceError`` `invalid` with everything that is wrong, in ODAHU's words and order.
    func validated(_ packaging: ModelPackaging) async throws -> ModelPackaging {
        var packaging = packaging
        // A null argument is one that is not given.
        packaging.spec.arguments = packaging.spec.arguments?.filter { $0.value != .null }
        var errors = EntityID.errors(packaging.id)
        if packaging.spec.artifactName.isEmpty { errors.append("empty artifactName") }
        let resources = packaging.spec.resources ?? defaults.defaultResources
        packaging.spec.resources = resources
        errors += ResourceValidation.quantityErrors(resources)
        if packaging.spec.outputConnection ?? "" == "" {
            packaging.spec.outputConnection = defaults.outputConnectionID
        }
        errors += try await outputErrors(packaging.spec)
        errors += nodeSelectorErrors(packaging.spec.nodeSelector ?? [:])
        errors += ResourceValidation.rangeErrors(resources)
        if packaging.spec.integrationName.isEmpty {
            errors.append("empty integrationName")
        } else if let integration = try await integration(packaging.spec.integrationName) {
            errors += try await fill(&packaging.spec, integration.definition)
            if integration.builtIn == nil {
                errors += customPackagers.errors(integration.definition, image: packaging.spec.image ?? "")
            } else {
                errors += argumentErrors(packaging.spec.arguments ?? [:], integration)
            }
        } else {
            errors.append(
                "packaging integration with name .spec.integrationName = \"\(packaging.spec.integrationName)\" is not found"
            )
        }
        guard errors.isEmpty else {
            throw Self.refusal(errors.joined(separator: "; "))
        }
        return packaging
    }

    /// What the schema of a built-in integration cannot say of arguments: whether names can become image names, and what is allowed here.
    private func argumentErrors(
        _ arguments: [String: JSONValue],
        _ integration: IntegrationCatalog.Entry
    ) -> [String] {
        var errors: [String] = []
        do {
            try integration.builtIn?.check(arguments: integration.arguments(arguments))
        } catch {
            errors.append("\(error)")
        }
        errors += builders.errors(in: integration.arguments(arguments))
        if let template = arguments["imageName"]?.stringValue {
            do {
                _ = try ImageNameTemplate(template).render(name: "model", version: "1")
            } catch {
                errors.append("\(error)")
            }
        }
        return errors
    }

    /// Checks arguments and targets, and fills in the image and the targets that have a default.
    private func fill(
        _ spec: inout ModelPackaging.Spec,
        _ integration: PackagingIntegration
    ) async throws -> [String] {
        var errors: [String] = []
        if spec.image ?? "" == "" { spec.image = integration.spec.defaultImage }
        let schema = integration.spec.schema.arguments ?? .init(properties: [])
        let violations = ArgumentValidation(schema: schema).errors(in: spec.arguments ?? [:])
        if !violations.isEmpty {
            errors.append("argument validation is failed: [\(violations.joined(separator: " "))]")
        }

        var open = integration.spec.schema.targets ?? []
        for target in spec.targets ?? [] {
            guard let index = open.firstIndex(where: { $0.name == target.name }) else {
                errors.append("cannot find \(target.name) target in packaging integration \(integration.id)")
                continue
            }
            let wanted = open.remove(at: index)
            guard let connection = try await connection(target.connectionName) else {
                errors.append("entity \"\(target.connectionName)\" is not found")
                continue
            }
            if !wanted.connectionTypes.contains(connection.spec.type) {
                errors.append(
                    "\(target.name) target has not valid connection type \(connection.spec.type) for packaging integration \(integration.id)"
                )
            } else if connection.spec.type == "file", !locations.isStore(connection.spec.uri) {
                errors.append(
                    "\(target.name) target cannot use connection \"\(connection.id)\": the only file connection that holds images is \"\(BuiltInConnection.store)\""
                )
            }
        }
        let defaulted = open.filter { !$0.default.isEmpty }
        if !defaulted.isEmpty {
            spec.targets = (spec.targets ?? []) + defaulted.map { .init(name: $0.name, connectionName: $0.default) }
        }
        let missing = open.filter { $0.required && $0.default.isEmpty }.map(\.name)
        if !missing.isEmpty { errors.append("[\(missing.joined(separator: " "))] are required targets") }
        return errors
    }

    private func nodeSelectorErrors(_ selector: [String: String]) -> [String] {
        guard !selector.isEmpty, !defaults.nodePools.isEmpty,
            !defaults.nodePools.contains(where: { $0.nodeSelector == selector })
        else { return [] }
        let pairs = selector.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
        return ["node selector map[\(pairs.joined(separator: " "))] is not presented in ODAHU config"]
    }

    private func outputErrors(_ spec: ModelPackaging.Spec) async throws -> [String] {
        do {
            if !spec.artifactName.isEmpty { _ = try await artifact(spec) } else { _ = try await source(spec) }
            return []
        } catch let error as ServiceError where [.invalid, .notFound].contains(error.kind) {
            return [error.message]
        }
    }
}
