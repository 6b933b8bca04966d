import Foundation
import Linux

/// The stand-ins for the images that manifests name, built out of this machine's Debian packages.
enum DemoImage: String, Sendable {
    case nginx = "nginx-1.14"
    case centos = "centos-7"
    case busybox = "busybox-1.28"
    case unhealthy = "smlinux-unhealthy-latest"

    /// The archives of images; built by the first test that asks, and kept for all runs.
    static func archives(of images: [DemoImage]) async throws -> [String] {
        try await building.value
        return images.map { "\(directory)/\($0.rawValue).tar" }
    }

    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        .path(percentEncoded: false)
    private static let directory = "\(root)/.build/demo-images"

    /// Two runs at once wait for each other; the second finds everything there.
    private static let building = Task {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let said = Said(
            try await WorkerCommand(executable: "/usr/bin/flock").run(
                ["\(directory)/lock", "\(root)/scripts/demo-images.sh", directory], timeout: .seconds(300)))
        guard said.status == 0 else { throw NodeFailure("the images cannot be built: \(said)") }
    }
}
