import ArgumentParser

/// `packager model …`: the models themselves, in registries and on this machine.
struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Keep models in registries: save, push, pull and export them, as ORMB does.",
        discussion: """
            From a directory to a registry and back:

              packager model save iris/ registry.example.com/iris/sklearn:v1
              packager model push registry.example.com/iris/sklearn:v1
              packager model pull registry.example.com/iris/sklearn:v1
              packager model export registry.example.com/iris/sklearn:v1 -d ./served

            The directory holds model/ and, mostly, ormbfile.yaml. What is saved is what ORMB's own program saves, in its \
            own place (~/.ormb); with --profile modelpack it is a CNCF ModelPack. Models of KitOps and of Docker Model \
            Runner are pulled and exported, too.
            """,
        subcommands: [
            ModelSave.self, ModelTag.self, ModelPush.self, ModelPull.self, ModelExport.self, ModelList.self,
            ModelRemove.self, ModelInspect.self, ModelVerify.self, ModelDiff.self, ModelCopy.self, ModelCollect.self,
            ModelInitialize.self, ModelLogin.self, ModelLogout.self,
        ]
    )
}
