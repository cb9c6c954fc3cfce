import PythonLayers
import Testing

@Suite struct CommandTests {
    @Test(arguments: ["", "größe", String(repeating: "a line of input\n", count: 300_000)])
    func aProgramReadsItsInput(input: String) async throws {
        let result = try await Command.run(["/bin/cat"], input: input)
        #expect(result.succeeded && result.output == input)
    }

    /// More than a pipe holds, for a program that is gone before anybody could write it.
    @Test func aProgramNeedNotReadItsInput() async throws {
        let input = String(repeating: "x", count: 4 << 20)
        for _ in 0..<20 {
            #expect(try await Command.run(["/bin/true"], input: input).succeeded)
        }
    }
}
