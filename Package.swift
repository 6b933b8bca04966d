// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "reconcile-agent",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2")
    ],
    targets: [
        // System calls and system libraries.
        .target(name: "CLinux"),
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .target(name: "Linux", dependencies: ["CLinux"], swiftSettings: swift),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: swift),

        // Images.
        .target(
            name: "ImageStore",
            dependencies: ["Linux", "CLibArchive", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: swift),
        .executableTarget(
            name: "test-unpack-worker", dependencies: ["ImageStore"], path: "Tests/Support/test-unpack-worker",
            swiftSettings: swift),
        .testTarget(name: "ImageStoreTests", dependencies: ["ImageStore", "Linux"], swiftSettings: swift),
        .testTarget(
            name: "ImageStoreIntegration", dependencies: ["ImageStore", "Linux", "test-unpack-worker"],
            swiftSettings: swift),
    ],
    cLanguageStandard: .gnu11
)
