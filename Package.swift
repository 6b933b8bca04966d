// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

// The executables that every Pod has one of: no runtime, no Foundation, static, small also in debug builds.
let embedded: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableExperimentalFeature("Embedded"),
    .unsafeFlags(["-wmo", "-Osize", "-parse-as-library", "-Xfrontend", "-function-sections"]),
]
let freestanding = ["-Os", "-ffreestanding", "-fno-stack-protector", "-fno-asynchronous-unwind-tables"]
let staticExecutable = ["-static-executable", "-Xlinker", "--gc-sections"]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let nioTLS: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "reconcile-agent",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    ],
    targets: [
        // System calls and system libraries.
        .target(name: "CLinux"),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CLibSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CLibZ", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Linux", dependencies: ["CLinux"], swiftSettings: swift),

        // From a Git repository to typed objects.
        .target(name: "GitSource", dependencies: ["Manifests", "Linux", "CLibGit2", crypto], swiftSettings: swift),
        .target(name: "Manifests", dependencies: ["CLibYAML"], swiftSettings: swift),

        // The vocabulary; deciding, which is pure but for Loop/; history for people; their tables.
        .target(name: "PodModel", dependencies: ["Manifests"], swiftSettings: swift),
        .target(name: "Reconciler", dependencies: ["PodModel", "Manifests", crypto, logging], swiftSettings: swift),
        .target(name: "Journal", dependencies: ["PodModel", sqlite, crypto, logging], swiftSettings: swift),
        .target(name: "Tables", dependencies: ["PodModel", "Manifests"], swiftSettings: swift),

        // The tiny static executables of each Pod. `pod-supervisor` is Embedded Swift, which cannot import normal
        // modules: SupervisorCore's sources reach it through a link in its folder.
        .target(name: "SupervisorCore", swiftSettings: swift),
        .target(name: "CBirth"),
        .executableTarget(
            name: "pod-supervisor", dependencies: ["CBirth", "CLinux"], swiftSettings: embedded,
            linkerSettings: [.unsafeFlags(staticExecutable)]),
        .target(name: "CPause", cSettings: [.unsafeFlags(freestanding)]),
        .executableTarget(
            name: "pause", dependencies: ["CPause"], swiftSettings: embedded,
            linkerSettings: [
                .unsafeFlags(staticExecutable + ["-Xclang-linker", "-nostdlib", "-Xclang-linker", "-nostartfiles"])
            ]),

        // The node runtime and the rooms it is composed of.
        .target(
            name: "ImageStore",
            dependencies: ["Linux", "CLibArchive", crypto, httpClient, nioCore, nioHTTP1, nioPosix, nioTLS],
            swiftSettings: swift),
        .target(name: "PodNetwork", dependencies: ["Linux"], swiftSettings: swift),
        .target(name: "Seccomp", dependencies: ["Linux", "CLibSeccomp"], swiftSettings: swift),
        .target(name: "Cgroups", dependencies: ["Linux", "CLinux"], swiftSettings: swift),
        .target(
            name: "Probes",
            dependencies: ["PodModel", "Linux", nioCore, nioPosix, nioHTTP2, nioHPACK, nioTLS],
            swiftSettings: swift),
        .target(
            name: "NodeRuntime",
            dependencies: [
                "PodModel", "Manifests", "ImageStore", "PodNetwork", "Cgroups", "Probes", "Seccomp", "SupervisorCore",
                "Linux", "CLibZ",
                logging,
            ],
            swiftSettings: swift),

        // The command line: the only place where parts are wired together.
        .executableTarget(
            name: "reconcile-agent",
            dependencies: [
                "CLinux", "Linux", "GitSource", "Manifests", "PodModel", "Reconciler", "Journal", "Tables", "Cgroups",
                "ImageStore", "NodeRuntime", "PodNetwork", "SupervisorCore", argumentParser, logging,
            ], swiftSettings: swift),

        // What tests start: workers, drivers, fixtures. No test may depend on the static executables, whose linker
        // flags would reach the test bundle; they are built beside it.
        .executableTarget(
            name: "test-workers", dependencies: ["GitSource", "Linux"], path: "Tests/Support/test-workers",
            swiftSettings: swift),
        .executableTarget(
            name: "test-unpack-worker", dependencies: ["ImageStore"], path: "Tests/Support/test-unpack-worker",
            swiftSettings: swift),
        .executableTarget(
            name: "test-journal", dependencies: ["Journal", "PodModel", logging], path: "Tests/Support/test-journal",
            swiftSettings: swift),
        .target(name: "Patience", path: "Tests/Support/Patience", swiftSettings: swift),
        .target(
            name: "Aftermath", dependencies: ["Linux"], path: "Tests/Support/Aftermath", swiftSettings: swift),
        .target(
            name: "PodFixture",
            dependencies: ["NodeRuntime", "Linux", "Seccomp", "SupervisorCore", "Aftermath", "Patience"],
            path: "Tests/Support/PodFixture", swiftSettings: swift),
        .executableTarget(
            name: "test-driver", dependencies: ["PodFixture", "NodeRuntime", "SupervisorCore"],
            path: "Tests/Support/test-driver", swiftSettings: swift),
        .target(
            name: "NodeFixture",
            dependencies: [
                "NodeRuntime", "PodModel", "Manifests", "ImageStore", "Linux", "Aftermath", "Patience", "PodFixture",
                logging,
            ],
            path: "Tests/Support/NodeFixture", swiftSettings: swift),
        .executableTarget(
            name: "test-node", dependencies: ["NodeFixture", "ImageStore"], path: "Tests/Support/test-node",
            swiftSettings: swift),

        .executableTarget(
            name: "bench",
            dependencies: [
                "PodFixture", "NodeFixture", "NodeRuntime", "ImageStore", "PodModel", "Linux", "Seccomp",
                "SupervisorCore",
                logging,
            ],
            path: "Benchmarks/bench", swiftSettings: swift),

        .target(name: "GitServer", dependencies: ["Linux"], path: "Tests/Support/GitServer", swiftSettings: swift),
        .executableTarget(
            name: "bench-source", dependencies: ["GitSource", "GitServer", "Manifests", "Linux"],
            path: "Benchmarks/bench-source",
            swiftSettings: swift),

        .testTarget(name: "LinuxTests", dependencies: ["Linux", "test-workers"], swiftSettings: swift),
        .testTarget(
            name: "GitSourceIntegration",
            dependencies: ["GitSource", "GitServer", "Manifests", "Linux", "test-workers"],
            swiftSettings: swift),
        .testTarget(name: "ManifestsTests", dependencies: ["Manifests"], swiftSettings: swift),
        .testTarget(name: "PodModelTests", dependencies: ["PodModel", "Manifests"], swiftSettings: swift),
        .testTarget(
            name: "ReconcilerTests", dependencies: ["Reconciler", "PodModel", "Manifests", logging],
            swiftSettings: swift),
        .testTarget(
            name: "JournalTests",
            dependencies: ["Journal", "PodModel", "Linux", "Patience", "test-journal", sqlite, logging],
            swiftSettings: swift),
        .testTarget(
            name: "ImageStoreTests", dependencies: ["ImageStore", "Linux", httpClient, nioCore, nioHTTP1],
            swiftSettings: swift),
        .testTarget(
            name: "ImageStoreIntegration", dependencies: ["ImageStore", "Linux", "Patience", "test-unpack-worker"],
            swiftSettings: swift),
        .testTarget(name: "PodNetworkTests", dependencies: ["PodNetwork", "Linux", "CLinux"], swiftSettings: swift),
        .testTarget(
            name: "PodNetworkIntegration", dependencies: ["PodNetwork", "Linux", "CLinux"], swiftSettings: swift),
        .testTarget(name: "CgroupsTests", dependencies: ["Cgroups"], swiftSettings: swift),
        .testTarget(name: "CgroupsIntegration", dependencies: ["Cgroups", "Linux", "Patience"], swiftSettings: swift),
        .testTarget(name: "SeccompTests", dependencies: ["Seccomp", "CLibSeccomp"], swiftSettings: swift),
        .testTarget(name: "ProbesTests", dependencies: ["Probes", "PodModel"], swiftSettings: swift),
        .testTarget(
            name: "ProbesIntegration",
            dependencies: ["Probes", "PodModel", "Linux", nioCore, nioPosix, nioHTTP2, nioHPACK], swiftSettings: swift),
        .testTarget(name: "SupervisorCoreTests", dependencies: ["SupervisorCore"], swiftSettings: swift),
        .testTarget(
            name: "SupervisorIntegration",
            dependencies: ["PodFixture", "NodeRuntime", "Linux", "SupervisorCore", "Patience", "test-driver"],
            swiftSettings: swift),
        .testTarget(
            name: "NodeRuntimeIntegration",
            dependencies: ["Aftermath", "NodeFixture", "PodModel", "Manifests", "Linux", "Patience", "test-node"],
            swiftSettings: swift),
        .testTarget(
            name: "NodeRuntimeTests",
            dependencies: [
                "NodeRuntime", "PodModel", "Manifests", "ImageStore", "PodNetwork", "Probes", "SupervisorCore", "Linux",
                logging,
            ],
            swiftSettings: swift),
        .testTarget(name: "TablesTests", dependencies: ["Tables", "PodModel", "Manifests"], swiftSettings: swift),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "reconcile-agent", "Journal", "Linux", "Manifests", "NodeRuntime", "Patience", "PodModel", "Reconciler",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "EndToEnd", dependencies: ["reconcile-agent", "PodFixture", "Manifests", "Patience", "Linux"],
            swiftSettings: swift),
        // The nodes of EndToEnd reach it through a link in its folder.
        .testTarget(
            name: "Conformance", dependencies: ["reconcile-agent", "PodFixture", "Manifests", "Patience", "Linux"],
            swiftSettings: swift),
        .testTarget(name: "HouseTests", swiftSettings: swift),
    ],
    cLanguageStandard: .gnu11
)
