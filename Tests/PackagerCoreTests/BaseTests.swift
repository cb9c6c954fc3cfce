import FileSystem
import SystemPackage
import Testing

@testable import PackagerCore

@Suite("What goes into a base image besides a distribution's packages")
struct BaseTests {
    @Test(arguments: [
        ("LANG=C.UTF-8", "LANG", "C.UTF-8"), ("_a1=", "_a1", ""), ("OPTS=a=b c", "OPTS", "a=b c"),
    ])
    func `Variables`(text: String, name: String, value: String) throws {
        let variable = try ImageVariable(parsing: text)
        #expect(variable.name == name && variable.value == value)
    }

    @Test(arguments: ["", "LANG", "=x", "1A=x", "A-B=x", "Ä=x", "A\u{0}=x", "A=\u{0}"])
    func `What is no variable`(text: String) {
        let error = #expect(throws: BaseError.self) { try ImageVariable(parsing: text) }
        #expect(error?.code == .invalidVariable)
    }

    @Test func `Copies`() async throws {
        try await withTemporaryDirectory(in: FilePath("/tmp"), prefix: "copy") { directory in
            let odd = directory.appending("a:b")
            try odd.createDirectories()
            #expect(try HostCopy(parsing: "\(odd):/opt//tool/").target == "opt/tool")
            #expect(try HostCopy(parsing: "\(odd):/opt/tool").source == odd)
            #expect(try HostCopy(parsing: "\(odd):/").target == "")
            let file = odd.appending("file")
            try file.writeAtomically("x".utf8)
            #expect(try HostCopy(parsing: "\(file):/etc/file").target == "etc/file")
            for text in [
                "", "\(odd)", "\(odd):", "\(odd):opt", "\(odd):/a/../b", "\(odd):/./b", ":/opt", "\(file):/",
                "\(directory)/none:/opt",
            ] {
                let error = #expect(throws: BaseError.self) { try HostCopy(parsing: text) }
                #expect(error?.code == .invalidCopy, "\(text)")
            }
        }
    }
}
