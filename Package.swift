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

let package = Package(
    name: "reconcile-agent",
    targets: [
        // System calls and system libraries.
        .target(name: "CLinux"),
        .target(name: "Linux", dependencies: ["CLinux"], swiftSettings: swift),

        // The tiny static executables of each Pod. `pod-supervisor` is Embedded Swift, which cannot import normal
        // modules: SupervisorCore's sources reach it through a link in its folder.
        .target(name: "SupervisorCore", swiftSettings: swift),
        .target(name: "CBirth"),
        .executableTarget(
            name: "pod-supervisor", dependencies: ["CBirth", "CLinux"],
            swiftSettings: embedded,
            linkerSettings: [.unsafeFlags(["-static-executable", "-Xlinker", "--gc-sections"])]),
        .target(name: "CPause", cSettings: [.unsafeFlags(freestanding)]),
        .executableTarget(
            name: "pause", dependencies: ["CPause"], swiftSettings: embedded,
            linkerSettings: [
                .unsafeFlags([
                    "-static-executable", "-Xclang-linker", "-nostdlib", "-Xclang-linker", "-nostartfiles",
                    "-Xlinker", "--gc-sections",
                ])
            ]),

        .target(name: "NodeRuntime", dependencies: ["Linux", "SupervisorCore"], swiftSettings: swift),

        .testTarget(name: "SupervisorCoreTests", dependencies: ["SupervisorCore"], swiftSettings: swift),
        .testTarget(
            name: "SupervisorIntegration",
            dependencies: ["NodeRuntime", "Linux", "SupervisorCore", "pod-supervisor", "pause"], swiftSettings: swift),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: swift),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // YAML to typed Kubernetes objects.
        .target(name: "Manifests", dependencies: ["CLibYAML"], swiftSettings: swift),
        .testTarget(name: "ManifestsTests", dependencies: ["Manifests"], swiftSettings: swift),
    ],
    cLanguageStandard: .gnu11
)
