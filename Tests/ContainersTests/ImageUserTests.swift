import Testing

@testable import Containers

@Suite struct ImageUserTests {
    private static let users = "root:x:0:0:root:/root:/bin/sh\npacker:x:1234:1235::/:/bin/sh\nbroken\nodd:x:y:z::/:\n"
    private static let groups = "root:x:0:\nwheel:x:10:packer,root\nstaff:x:50:packer\nempty:x:60:\n"

    @Test(
        arguments: [
            ("", 0, 0, []), ("0", 0, 0, [10]), ("1234", 1234, 1235, [10, 50]), ("77", 77, 0, []), ("77:88", 77, 88, []),
            ("packer", 1234, 1235, [10, 50]), ("packer:staff", 1234, 50, []), ("packer:7", 1234, 7, []),
            ("root", 0, 0, [10]), ("packer:", 1234, 1235, [10, 50]),
        ] as [(String, UInt32, UInt32, [UInt32])]
    )
    func namesAreLookedUp(text: String, user: UInt32, group: UInt32, additional: [UInt32]) throws {
        let found = try ImageUser(text, users: Self.users, groups: Self.groups)
        #expect(found.user == user && found.group == group && found.additionalGroups == additional)
    }

    @Test(arguments: ["nobody", "packer:nobody", "-1", "4294967296", ":", "odd", "packer:staff:more", "1:-1"])
    func whatIsNobodyIsRefused(text: String) {
        let error = #expect(throws: ContainerError.self) {
            try ImageUser(text, users: Self.users, groups: Self.groups)
        }
        #expect(error?.description.contains("does not know") == true)
    }

    @Test(arguments: [
        ("", false), ("0", false), ("0:0", false), ("1:2", false), ("1", true), ("a:2", true), (":", true),
    ])
    func filesAreReadForNamesOnly(text: String, needsFiles: Bool) {
        #expect(ImageUser.needsFiles(text) == needsFiles)
    }
}
