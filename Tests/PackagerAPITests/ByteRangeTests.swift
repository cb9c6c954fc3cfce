import Testing

@testable import PackagerAPI

struct ByteRangeTests {
    @Test(arguments: [
        (nil, ByteRange.whole), ("bytes=0-0", .part(0...0)), ("bytes=0-", .part(0...9)), ("bytes=4-6", .part(4...6)),
        ("bytes=4-99999999999999999999", .part(4...9)), ("bytes=-3", .part(7...9)), ("bytes=-30", .part(0...9)),
        ("bytes=10-", .unsatisfiable), ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
        ("bytes=6-4", .whole), ("bytes=-", .whole), ("bytes=a-b", .whole), ("bytes=0-1,3-4", .whole),
        ("items=0-1", .whole), ("bytes=", .whole), ("bytes=+1-2", .whole),
    ])
    func fieldIsReadAsRFC9110Says(field: String?, range: ByteRange) {
        #expect(ByteRange(field, size: 10) == range)
    }

    @Test func nothingCanBeTakenFromAnEmptyFile() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-1", size: 0) == .unsatisfiable)
        #expect(ByteRange(nil, size: 0) == .whole)
    }
}
