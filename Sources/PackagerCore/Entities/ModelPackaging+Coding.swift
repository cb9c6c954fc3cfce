import JSON

extension ModelPackaging {
    package enum CodingKeys: String, CodingKey, CaseIterable { case id, createdAt, updatedAt, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.text(.id) ?? ""
        createdAt = try container.date(.createdAt)
        updatedAt = try container.date(.updatedAt)
        spec = try container.decodeIfPresent(Spec.self, forKey: .spec) ?? Spec(artifactName: "", integrationName: "")
        status = try container.decodeIfPresent(Status.self, forKey: .status)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(date: createdAt, forKey: .createdAt)
        try container.encode(date: updatedAt, forKey: .updatedAt)
        try container.encode(spec, forKey: .spec)
        try container.encodeIfPresent(status, forKey: .status)
    }
}

extension ModelPackaging.Spec {
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case artifactName, integrationName, image, arguments, targets, resources, outputConnection, nodeSelector
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        artifactName = try container.text(.artifactName) ?? ""
        integrationName = try container.text(.integrationName) ?? ""
        image = try container.text(.image)
        arguments = try container.decodeIfPresent([String: JSONValue].self, forKey: .arguments)
        targets = try container.list(.targets)
        resources = try container.decodeIfPresent(ResourceRequirements.self, forKey: .resources)
        outputConnection = try container.text(.outputConnection)
        nodeSelector = try container.texts(.nodeSelector)
    }

    /// Absent `arguments` and `targets` are null, as ODAHU's are.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(artifactName, forKey: .artifactName)
        try container.encode(integrationName, forKey: .integrationName)
        try container.encodeIfPresent(image, forKey: .image)
        try container.encode(arguments, forKey: .arguments)
        try container.encode(targets, forKey: .targets)
        try container.encodeIfPresent(resources, forKey: .resources)
        try container.encodeIfPresent(outputConnection, forKey: .outputConnection)
        try container.encodeIfPresent(nodeSelector, forKey: .nodeSelector)
    }
}

extension ModelPackaging.Target {
    package enum CodingKeys: String, CodingKey, CaseIterable { case name, connectionName }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.text(.name) ?? ""
        connectionName = try container.text(.connectionName) ?? ""
    }
}

extension ResourceRequirements.List {
    enum CodingKeys: String, CodingKey { case cpu, gpu, memory }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        cpu = try container.text(.cpu)
        gpu = try container.text(.gpu)
        memory = try container.text(.memory)
    }
}
