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
        // One bridge per node, one link and one address per Pod.
        .target(name: "PodNetwork", dependencies: ["Linux"], swiftSettings: swift),
        .testTarget(name: "PodNetworkTests", dependencies: ["PodNetwork", "Linux"], swiftSettings: swift),
        .testTarget(name: "PodNetworkIntegration", dependencies: ["PodNetwork", "Linux", "CLinux"], swiftSettings: swift),
        // Control groups, unified and hybrid.
        .target(name: "Cgroups", dependencies: ["Linux", "CLinux"], swiftSettings: swift),
        .testTarget(name: "CgroupsTests", dependencies: ["Cgroups"], swiftSettings: swift),
        .testTarget(name: "CgroupsIntegration", dependencies: ["Cgroups", "Linux"], swiftSettings: swift),
    ],
    cLanguageStandard: .gnu11
)
