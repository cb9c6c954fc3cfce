package import ArgumentParser

/// The command line: everything a person or a CI job asks of Packager.
package struct PackagerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "packager",
        abstract: "Turn trained machine-learning artifacts into runnable images, without Docker.",
        discussion: """
            The shortest road, from an artifact to a pushed image:

              packager build wine.zip --integration docker-rest --tag 127.0.0.1:5000/wine:1

            With a server, as CI uses it:

              packager serve --data ./data
              packager artifact upload wine.zip
              packager pack create -f pack.yaml

            Flags can be left to variables (PACKAGER_URL and so on) and to a file; packager config show says what holds.
            """,
        version: "0.1.0",
        subcommands: [
            Build.self, Render.self, Serve.self,
            Pack.self, IntegrationCommand.self, ConnectionCommand.self, ArtifactCommand.self, Bulk.self, Local.self,
            ImageCommand.self, ModelCommand.self, Base.self,
            Login.self, Logout.self, Config.self, TemplateCommand.self, Version.self, Completion.self,
            ReferenceCommand.self,
        ]
    )

    package init() {}
}
