import CISAL
import Glibc
import Testing

/// What ISA-L makes of a block does not depend on where its state lies.
@Suite struct ISALAddressTests {
    /// The first bytes come once more, and once more shifted: whatever ISA-L remembers of the block's start shows in a match.
    /// The rest is of few symbols, for what does not shrink is stored without matches.
    private static let block: [UInt8] = {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        func noise(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return UInt8(state & 63)
            }
        }
        let start = noise(8)
        return start + noise(400) + (0..<4).flatMap { start[$0..<($0 + 4)] + noise(60) } + noise(400)
    }()

    /// ISA-L takes bits from the 16th on; a start that is filed wrongly shows at about one address in 3,000.
    @Test func everyAddressGivesTheSameBytes() throws {
        let size = MemoryLayout<isal_block_deflater>.size
        var first: [UInt8]?
        var output = [UInt8](repeating: 0, count: 8192)
        for number in 0..<20_000 {
            let wanted = UnsafeMutableRawPointer(bitPattern: 0x2000_0000_0000 + (number * 7919) << 16)
            let memory = mmap(wanted, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            let place = try #require(memory != MAP_FAILED ? memory : nil)
            defer { munmap(place, size) }
            let deflater = place.bindMemory(to: isal_block_deflater.self, capacity: 1)
            let count = isal_deflate_block(
                deflater,
                Self.block,
                UInt32(Self.block.count),
                &output,
                UInt32(output.count)
            )
            try #require(count > 0)
            let bytes = Array(output[..<Int(count)])
            first = first ?? bytes
            guard bytes == first else {
                Issue.record("the state at \(place) gives other bytes")
                return
            }
        }
    }
}
