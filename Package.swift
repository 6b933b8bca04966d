// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "reconcile-agent",
    targets: [
        // System calls and system libraries.
        .target(name: "CLinux"),
        .target(name: "Linux", dependencies: ["CLinux"], swiftSettings: swift),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: swift),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // YAML to typed Kubernetes objects.
        .target(name: "Manifests", dependencies: ["CLibYAML"], swiftSettings: swift),
        .testTarget(name: "ManifestsTests", dependencies: ["Manifests"], swiftSettings: swift),
        // The vocabulary: ids, records, observations, actions, ports.
        .target(name: "PodModel", dependencies: ["Manifests"], swiftSettings: swift),
        .testTarget(name: "PodModelTests", dependencies: ["PodModel", "Manifests"], swiftSettings: swift),
    ],
    cLanguageStandard: .gnu11
)
