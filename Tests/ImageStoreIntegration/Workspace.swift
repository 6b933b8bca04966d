import Glibc
import ImageStore
import Linux
import Testing

/// A directory of a test's own with an image store in it; gone with its owner.
final class Workspace: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/image-store-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        do { try removeTree(path) } catch { Issue.record("the test's directory stays: \(error)") }
    }

    var storePath: String { "\(path)/store" }

    /// The worker executable lies beside the test program.
    static let worker = WorkerCommand(
        executable: String(CommandLine.arguments[0].prefix { _ in true }.reversed().drop { $0 != "/" }.reversed())
            + "test-unpack-worker",
        arguments: ["worker", "unpack"])

    func store(limits: UnpackLimits = UnpackLimits()) -> ImageStore {
        ImageStore(root: storePath, worker: Workspace.worker, limits: limits)
    }

    /// Runs a shell script here, and returns what it prints; a script that fails fails the test.
    @discardableResult
    func shell(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let output = try await WorkerCommand(executable: "/bin/sh", arguments: ["-euc"])
            .run(["cd \(path)\n" + script], timeout: .seconds(120))
        let complaint = String(decoding: output.standardError, as: UTF8.self)
        try #require(output.status == .exited(0), "\(output.status): \(complaint)", sourceLocation: sourceLocation)
        return String(decoding: output.standardOutput, as: UTF8.self)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Descriptor.open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC).writeAll(bytes)
    }

    /// What the image's layers look like stacked by overlayfs: `find`'s lines, sorted.
    func stacked(_ image: StoredImage) async throws -> [String] {
        let lower = image.layers.reversed().joined(separator: ":")
        return try await shell(
            """
            mkdir -p empty merged
            unshare --mount sh -euc 'mount -t overlay overlay -o ro,lowerdir=\(lower):empty merged
                cd merged && find . -mindepth 1 | LC_ALL=C sort'
            """
        ).split(separator: "\n").map { String($0.dropFirst(2)) }
    }
}
