// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target of ours under the project's language settings.
func room(
    _ name: String,
    path: String? = nil,
    _ dependencies: [Target.Dependency],
    exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: path ?? "Sources/\(name)",
        exclude: exclude,
        resources: resources,
        swiftSettings: settings
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies,
        path: "Tests/\(name)Tests",
        resources: resources,
        swiftSettings: settings
    )
}

func systemLibrary(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(
        name: name,
        path: "Sources/System/\(name)",
        pkgConfig: pkgConfig,
        providers: [.apt([apt])]
    )
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

// The order is that of the floors, from the ground up; `scripts/check-architecture` holds the arrows to it.
let package = Package(
    name: "packager",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "packager", targets: ["packager"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: [
        // 0
        systemLibrary("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
        systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        systemLibrary("CISAL", pkgConfig: "libisal", apt: "libisal-dev"),
        systemLibrary("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        .target(
            name: "CSwaggerUI",
            path: "Sources/CSwaggerUI",
            exclude: ["Assets"],
            cSettings: [.headerSearchPath("Assets")]
        ),
        room("Concurrency", []),
        room("FileSystem", [systemPackage]),
        room("JSON", []),
        room("Prometheus", []),

        // 1
        room("OCI", ["JSON", crypto, systemPackage]),
        room("Archive", ["CArchive", "CZlib", "FileSystem", systemPackage]),
        room("Transfer", ["CCurl", "FileSystem", crypto, httpTypes, systemPackage]),
        room("YAML", ["CYAML", "JSON"]),

        // 2
        room("DockerEngine", ["JSON", "Transfer", httpTypes, systemPackage]),
        room(
            "ImageAssembler",
            ["Archive", "CISAL", "Concurrency", "CZlib", "FileSystem", "JSON", "OCI", crypto, logging, systemPackage]
        ),
        room(
            "Registry",
            [
                "Concurrency", "FileSystem", "JSON", "OCI", "Transfer", crypto, httpTypes, logging, subprocess,
                systemPackage,
            ]
        ),

        // 3
        room("TrainedModels", ["Archive", "FileSystem", "JSON", "YAML", logging, systemPackage]),
        room(
            "PythonLayers",
            [
                "Archive", "CArchive", "Concurrency", "FileSystem", "ImageAssembler", "JSON", "OCI", "Transfer",
                crypto, httpTypes, logging, subprocess, systemPackage, "TOMLKit",
            ]
        ),

        room(
            "Containers",
            [
                "Archive", "DockerEngine", "FileSystem", "ImageAssembler", "JSON", "OCI", crypto, subprocess,
                systemPackage,
            ]
        ),

        // 4
        room(
            "CondaLayers",
            [
                "Archive", "Concurrency", "FileSystem", "ImageAssembler", "JSON", "OCI", "PythonLayers", crypto,
                logging, systemPackage,
            ]
        ),

        // 5
        room(
            "ModelBundles",
            [
                "Archive", "Concurrency", "FileSystem", "ImageAssembler", "JSON", "OCI", "Registry", "TrainedModels",
                "YAML", crypto, systemPackage,
            ]
        ),
        room(
            "Dockerfiles",
            [
                "Archive", "FileSystem", "ImageAssembler", "JSON", "OCI", "PythonLayers", logging, mustache,
                systemPackage,
            ]
        ),
        room(
            "ModelRuntime",
            ["CondaLayers", "ImageAssembler", "JSON", "OCI", "PythonLayers", "TrainedModels"],
            resources: [.embedInCode("Templates")]
        ),

        // 6
        room(
            "PackagerCore",
            [
                "Archive", "Concurrency", "CondaLayers", "Containers", "DockerEngine", "Dockerfiles", "FileSystem",
                "ImageAssembler", "JSON", "OCI", "Prometheus", "PythonLayers", "Registry", "TrainedModels", "Transfer",
                "YAML", crypto,
                logging, systemPackage, grdb, mustache, serviceLifecycle, subprocess,
            ]
        ),

        // 7
        room(
            "DockerCLI",
            path: "Sources/Integrations/DockerCLI",
            ["ImageAssembler", "JSON", "ModelRuntime", "OCI", "PackagerCore", "TrainedModels"],
            resources: [.embedInCode("Templates")]
        ),
        room(
            "DockerREST",
            path: "Sources/Integrations/DockerREST",
            ["ImageAssembler", "JSON", "ModelRuntime", "OCI", "PackagerCore", "PythonLayers", "TrainedModels"],
            resources: [.embedInCode("Templates")]
        ),
        room(
            "Triton",
            path: "Sources/Integrations/Triton",
            ["ImageAssembler", "JSON", "ModelRuntime", "OCI", "PackagerCore", "PythonLayers", "TrainedModels"],
            resources: [.embedInCode("Resources"), .embedInCode("Templates")]
        ),

        // 8
        room(
            "PackagerAPI",
            [
                "CSwaggerUI", "FileSystem", "ImageAssembler", "JSON", "OCI", "PackagerCore", "Prometheus",
                "TrainedModels", "YAML",
                crypto, httpTypes, hummingbird, hummingbirdCore, logging, nioCore, nioHTTPTypes, serviceLifecycle,
                systemPackage,
            ],
            resources: [.embedInCode("Swagger")]
        ),

        // 9
        room(
            "PackagerCLI",
            [
                "Archive", "CondaLayers", "Containers", "DockerCLI", "DockerEngine", "DockerREST", "Dockerfiles",
                "FileSystem", "ImageAssembler", "JSON", "ModelBundles", "OCI", "PackagerAPI", "PackagerCore",
                "PythonLayers",
                "Registry", "TrainedModels", "Transfer", "Triton", "YAML",
                argumentParser, httpTypes, logging, serviceLifecycle, systemPackage, "TOMLKit", unixSignals,
            ]
        ),
        .executableTarget(
            name: "packager",
            dependencies: ["PackagerCLI", argumentParser],
            path: "Sources/packager",
            swiftSettings: settings
        ),

        tests("Concurrency", ["Concurrency"]),
        tests("FileSystem", ["FileSystem", systemPackage]),
        tests("Prometheus", ["Prometheus", "JSON", subprocess, systemPackage]),
        tests("OCI", ["OCI", "JSON"]),
        tests("Archive", ["Archive", "FileSystem", subprocess, systemPackage]),
        tests("Transfer", ["FileSystem", "Transfer", crypto, httpTypes, subprocess, systemPackage]),
        tests("YAML", ["YAML", "JSON"]),
        tests("DockerEngine", ["DockerEngine", "FileSystem", "JSON", "Transfer", systemPackage]),
        tests(
            "ImageAssembler",
            [
                "ImageAssembler", "Archive", "CISAL", "FileSystem", "JSON", "OCI",
                crypto, logging, subprocess, systemPackage,
            ]
        ),
        tests(
            "Registry",
            ["Registry", "FileSystem", "JSON", "OCI", "Transfer", httpTypes, logging, subprocess, systemPackage]
        ),
        tests("TrainedModels", ["TrainedModels", "FileSystem", "JSON", systemPackage]),
        tests(
            "PythonLayers",
            [
                "PythonLayers", "Archive", "FileSystem", "ImageAssembler", "JSON", "OCI", "Transfer",
                crypto, logging, subprocess, systemPackage,
            ]
        ),
        tests(
            "Containers",
            [
                "Containers", "Archive", "DockerEngine", "FileSystem", "ImageAssembler", "JSON", "OCI", systemPackage,
            ]
        ),
        tests(
            "CondaLayers",
            [
                "CondaLayers", "Archive", "FileSystem", "ImageAssembler", "JSON", "OCI", "PythonLayers", "Transfer",
                crypto, logging, subprocess, systemPackage,
            ]
        ),
        tests(
            "ModelBundles",
            ["ModelBundles", "FileSystem", "ImageAssembler", "JSON", "OCI", "YAML", subprocess, systemPackage]
        ),
        tests(
            "Dockerfiles",
            [
                "Dockerfiles", "DockerREST", "FileSystem", "ImageAssembler", "JSON", "OCI", "PackagerCore",
                "PythonLayers", "TrainedModels", logging, subprocess, systemPackage,
            ]
        ),
        tests(
            "PackagerCore",
            [
                "PackagerCore", "Archive", "Containers", "Dockerfiles", "FileSystem", "ImageAssembler", "JSON", "OCI",
                "Registry", "TrainedModels", "Transfer", grdb, logging, serviceLifecycle, subprocess, systemPackage,
            ]
        ),
        tests(
            "ModelRuntime",
            ["ModelRuntime", "CondaLayers", "ImageAssembler", "JSON", "OCI", "PythonLayers", "TrainedModels"]
        ),
        tests("DockerCLI", ["DockerCLI", "DockerREST", "ImageAssembler", "JSON", "OCI", "TrainedModels"]),
        tests("DockerREST", ["DockerREST", "ImageAssembler", "JSON", "OCI", "PackagerCore", "TrainedModels"]),
        tests("Triton", ["Triton", "ImageAssembler", "JSON", "ModelRuntime", "OCI", "TrainedModels"]),
        tests(
            "PackagerAPI",
            [
                "PackagerAPI", "PackagerCore", "FileSystem", "ImageAssembler", "JSON", "OCI", "TrainedModels",
                "Transfer", "YAML", httpTypes, hummingbird, hummingbirdTesting, logging, nioCore, serviceLifecycle,
                subprocess, systemPackage,
            ]
        ),
        tests(
            "PackagerCLI",
            [
                "PackagerCLI", "PackagerAPI", "PackagerCore", "Archive", "Containers", "DockerEngine", "FileSystem",
                "ImageAssembler", "JSON", "OCI", "TrainedModels", "YAML", argumentParser, logging, systemPackage,
            ]
        ),
        tests("EndToEnd", ["FileSystem", "JSON", "OCI", "Transfer", httpTypes, subprocess, systemPackage]),
    ],
    swiftLanguageModes: [.v6]
)
