extension ModelPackaging.Status {
    enum CodingKeys: String, CodingKey {
        case state, reason, message, exitCode, attempt, startedAt, finishedAt, steps, results
    }

    /// A state that is unknown here, or none, is `unknown`: the status is the server's own, whatever a client sends.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        state = try container.text(.state).flatMap(ModelPackaging.State.init) ?? .unknown
        reason = try container.text(.reason)
        message = try container.text(.message)
        exitCode = try container.decodeIfPresent(Int.self, forKey: .exitCode)
        attempt = try container.decodeIfPresent(Int.self, forKey: .attempt)
        startedAt = try container.date(.startedAt)
        finishedAt = try container.date(.finishedAt)
        steps = try container.list(.steps)
        results = try container.list(.results)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(message, forKey: .message)
        try container.encodeIfPresent(exitCode, forKey: .exitCode)
        try container.encodeIfPresent(attempt, forKey: .attempt)
        try container.encode(date: startedAt, forKey: .startedAt)
        try container.encode(date: finishedAt, forKey: .finishedAt)
        try container.encodeIfPresent(steps, forKey: .steps)
        try container.encodeIfPresent(results, forKey: .results)
    }
}

extension ModelPackaging.Result {
    enum CodingKeys: String, CodingKey { case name, value }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.text(.name) ?? ""
        value = try container.text(.value) ?? ""
    }
}
