import JSON

extension Connection {
    package enum CodingKeys: String, CodingKey, CaseIterable { case id, createdAt, updatedAt, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.text(.id) ?? ""
        createdAt = try container.date(.createdAt)
        updatedAt = try container.date(.updatedAt)
        spec = try container.decodeIfPresent(Spec.self, forKey: .spec) ?? Spec(type: "", uri: "")
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

extension Connection.Spec {
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case type, uri, region, username, password, role, keyID, keySecret, publicKey, reference, description
        case webUILink, vital
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // An empty string is an absent one: ODAHU's fields are `omitempty`.
        func field(_ key: CodingKeys) throws -> String? {
            let text = try container.text(key)
            return text?.isEmpty == true ? nil : text
        }
        type = try container.text(.type) ?? ""
        uri = try container.text(.uri) ?? ""
        region = try field(.region)
        username = try field(.username)
        password = try field(.password)
        role = try field(.role)
        keyID = try field(.keyID)
        keySecret = try field(.keySecret)
        publicKey = try field(.publicKey)
        reference = try field(.reference)
        description = try field(.description)
        webUILink = try field(.webUILink)
        vital = try container.decodeIfPresent(Bool.self, forKey: .vital)
    }
}
