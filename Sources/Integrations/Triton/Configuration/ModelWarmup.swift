/// A request that the server makes before it says it is ready.
package struct ModelWarmup: Sendable, Hashable {
    package struct Input: Sendable, Hashable {
        package var dataType = DataType.invalid
        package var dims: [Int64] = []
        package var zeroData: Bool?
        package var randomData: Bool?
        package var inputDataFile: String?

        package init() {}
    }

    package var name = ""
    package var batchSize: UInt32 = 0
    package var inputs: [String: Input] = [:]
    package var count: UInt32 = 0

    package init() {}
}

extension ModelWarmup.Input: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("data_type", \.dataType),
            .many("dims", \.dims),
            .optional("zero_data", \.zeroData, choice: "input_data_type"),
            .optional("random_data", \.randomData, choice: "input_data_type"),
            .optional("input_data_file", \.inputDataFile, choice: "input_data_type"),
        ]
    }
}

extension ModelWarmup: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .one("batch_size", \.batchSize),
            .messages("inputs", \.inputs),
            .one("count", \.count),
        ]
    }
}
