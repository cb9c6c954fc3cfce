/// What inputs and outputs have in common, for the rules that hold for both.
protocol ModelTensor {
    var name: String { get }
    var dataType: DataType { get }
    var dims: [Int64] { get }
    var reshape: TensorReshape? { get }
    var isShapeTensor: Bool { get }
    var isNonLinearFormat: Bool { get }
}

package struct ModelInput: Sendable, Hashable, ModelTensor {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case none = "FORMAT_NONE"
        case nhwc = "FORMAT_NHWC"
        case nchw = "FORMAT_NCHW"
    }

    package var name = ""
    package var dataType = DataType.invalid
    package var format = Format.none
    /// Without the batch's dimension where the model batches; -1 is any length.
    package var dims: [Int64] = []
    package var reshape: TensorReshape?
    package var isShapeTensor = false
    package var allowRaggedBatch = false
    package var optional = false
    package var isNonLinearFormat = false

    package init() {}
}

extension ModelInput.Format: TextEnumeration {}

extension ModelInput: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .one("data_type", \.dataType),
            .one("format", \.format),
            .many("dims", \.dims),
            .optional("reshape", \.reshape),
            .one("is_shape_tensor", \.isShapeTensor),
            .one("allow_ragged_batch", \.allowRaggedBatch),
            .one("optional", \.optional),
            .one("is_non_linear_format_io", \.isNonLinearFormat),
        ]
    }
}

package struct ModelOutput: Sendable, Hashable, ModelTensor {
    package var name = ""
    package var dataType = DataType.invalid
    /// Without the batch's dimension where the model batches; -1 is any length.
    package var dims: [Int64] = []
    package var reshape: TensorReshape?
    package var labelFilename = ""
    package var isShapeTensor = false
    package var isNonLinearFormat = false

    package init() {}
}

extension ModelOutput: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("name", \.name),
            .one("data_type", \.dataType),
            .many("dims", \.dims),
            .optional("reshape", \.reshape),
            .one("label_filename", \.labelFilename),
            .one("is_shape_tensor", \.isShapeTensor),
            .one("is_non_linear_format_io", \.isNonLinearFormat),
        ]
    }
}

package struct TensorReshape: Sendable, Hashable {
    package var shape: [Int64] = []

    package init() {}
}

extension TensorReshape: TextMessage {
    static var fields: [MessageField<Self>] { [.many("shape", \.shape)] }
}

package struct BatchInput: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case elementCount = "BATCH_ELEMENT_COUNT"
        case accumulatedElementCount = "BATCH_ACCUMULATED_ELEMENT_COUNT"
        case accumulatedElementCountWithZero = "BATCH_ACCUMULATED_ELEMENT_COUNT_WITH_ZERO"
        case maxElementCountAsShape = "BATCH_MAX_ELEMENT_COUNT_AS_SHAPE"
        case itemShape = "BATCH_ITEM_SHAPE"
        case itemShapeFlatten = "BATCH_ITEM_SHAPE_FLATTEN"
    }

    package var kind = Kind.elementCount
    package var targetNames: [String] = []
    package var dataType = DataType.invalid
    package var sourceInputs: [String] = []

    package init() {}
}

extension BatchInput.Kind: TextEnumeration {}

extension BatchInput: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .one("kind", \.kind),
            .many("target_name", \.targetNames),
            .one("data_type", \.dataType),
            .many("source_input", \.sourceInputs),
        ]
    }
}

package struct BatchOutput: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case scatterWithInputShape = "BATCH_SCATTER_WITH_INPUT_SHAPE"
    }

    package var targetNames: [String] = []
    package var kind = Kind.scatterWithInputShape
    package var sourceInputs: [String] = []

    package init() {}
}

extension BatchOutput.Kind: TextEnumeration {}

extension BatchOutput: TextMessage {
    static var fields: [MessageField<Self>] {
        [
            .many("target_name", \.targetNames),
            .one("kind", \.kind),
            .many("source_input", \.sourceInputs),
        ]
    }
}
