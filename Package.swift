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
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .testTarget(name: "LinuxTests", dependencies: ["Linux", "test-workers"], swiftSettings: swift),

        // From the repository to files.
        .target(name: "GitSource", dependencies: ["Linux", "CLibGit2"], swiftSettings: swift),
        .executableTarget(
            name: "test-workers", dependencies: ["GitSource", "Linux"], path: "Tests/Support/test-workers",
            swiftSettings: swift),
        .testTarget(
            name: "GitSourceIntegration", dependencies: ["GitSource", "Linux", "test-workers"], swiftSettings: swift),
    ],
    cLanguageStandard: .gnu11
)
