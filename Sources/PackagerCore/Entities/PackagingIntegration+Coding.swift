import JSON

extension PackagingIntegration {
    package enum CodingKeys: String, CodingKey, CaseIterable { case id, createdAt, updatedAt, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.text(.id) ?? ""
        createdAt = try container.date(.createdAt)
        updatedAt = try container.date(.updatedAt)
        spec =
            try container.decodeIfPresent(Spec.self, forKey: .spec)
            ?? Spec(
                entrypoint: "",
                defaultImage: "",
                schema: Schema(targets: [], arguments: ArgumentSchema(properties: []))
            )
        status = nil
    }

    /// `status` is always an empty object.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(date: createdAt, forKey: .createdAt)
        try container.encode(date: updatedAt, forKey: .updatedAt)
        try container.encode(spec, forKey: .spec)
        try container.encode(JSONValue.object([:]), forKey: .status)
    }
}

extension PackagingIntegration.Spec {
    package enum CodingKeys: String, CodingKey, CaseIterable { case entrypoint, defaultImage, privileged, schema }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        entrypoint = try container.text(.entrypoint) ?? ""
        defaultImage = try container.text(.defaultImage) ?? ""
        privileged = try container.decodeIfPresent(Bool.self, forKey: .privileged)
        schema =
            try container.decodeIfPresent(PackagingIntegration.Schema.self, forKey: .schema)
            ?? PackagingIntegration.Schema(targets: [], arguments: PackagingIntegration.ArgumentSchema(properties: []))
    }
}

extension PackagingIntegration.Schema {
    enum CodingKeys: String, CodingKey { case targets, arguments }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        targets = try container.list(.targets)
        arguments = try container.decodeIfPresent(PackagingIntegration.ArgumentSchema.self, forKey: .arguments)
    }

    /// Absent targets and properties are null, as ODAHU's are.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(targets, forKey: .targets)
        var empty = PackagingIntegration.ArgumentSchema(properties: [])
        empty.properties = nil
        try container.encode(arguments ?? empty, forKey: .arguments)
    }
}

extension PackagingIntegration.TargetSchema {
    enum CodingKeys: String, CodingKey { case name, connectionTypes, `default`, required }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.text(.name) ?? ""
        connectionTypes = try container.list(.connectionTypes) ?? []
        `default` = try container.text(.default) ?? ""
        required = try container.decodeIfPresent(Bool.self, forKey: .required) ?? false
    }
}

extension PackagingIntegration.ArgumentSchema {
    enum CodingKeys: String, CodingKey { case required, properties }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        required = try container.list(.required)
        properties = try container.list(.properties)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if let required, !required.isEmpty { try container.encode(required, forKey: .required) }
        try container.encode(properties, forKey: .properties)
    }
}

extension PackagingIntegration.Property {
    enum CodingKeys: String, CodingKey { case name, parameters }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.text(.name) ?? ""
        parameters = try container.list(.parameters) ?? []
    }
}

extension PackagingIntegration.Property.Parameter {
    enum CodingKeys: String, CodingKey { case name, value }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.text(.name) ?? ""
        value = try container.decodeIfPresent(JSONValue.self, forKey: .value) ?? .null
    }
}
