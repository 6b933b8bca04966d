// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "reconcile-agent",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
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
        // Deciding: pure, but for Loop/.
        .target(
            name: "Reconciler",
            dependencies: [
                "PodModel", "Manifests", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
        .testTarget(
            name: "ReconcilerTests",
            dependencies: ["Reconciler", "PodModel", "Manifests", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swift),
        // History for people, in SQLite.
        .target(
            name: "Journal",
            dependencies: [
                "PodModel", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
        .testTarget(
            name: "JournalTests",
            dependencies: [
                "Journal", "PodModel", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
    ],
    cLanguageStandard: .gnu11
)
