import Aftermath
import Foundation
import Glibc
import Linux
import Manifests
import PodFixture
import PodModel

/// A node of a test's own: directories, cgroup parent, network namespace, and an agent that can be killed.
public final class TestNode: Sendable {
    /// Tells it from every other node of the machine.
    public let id: String
    /// The directory that all others are in.
    public let base: String
    private let aftermath: Aftermath
    /// What outlives a reboot.
    public var state: String { "\(base)/state" }
    /// What dies with the boot.
    public var run: String { "\(base)/run" }
    /// The containers' logs.
    public var logs: String { "\(base)/logs" }
    /// The cgroup that all is below.
    public var parent: String { "reconcile-test-\(id)" }
    /// The name of its network namespace.
    public var namespace: String { "reconcile-\(id)" }

    /// What went wrong around a test.
    public struct Problem: Error, CustomStringConvertible {
        /// A sentence.
        public let description: String

        /// A problem told by a sentence.
        public init(description: String) { self.description = description }
    }

    /// Makes directories and a network namespace. Where: /tmp, or what RECONCILE_TEST_DIRECTORY names.
    public init() throws {
        id = UUID().uuidString.prefix(8).lowercased()
        let directory = ProcessInfo.processInfo.environment["RECONCILE_TEST_DIRECTORY"] ?? "/tmp"
        base = "\(directory)/reconcile-node-\(id)"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        aftermath = try Aftermath(
            Aftermath.endOfCgroups + """
                ip netns del "$2"
                rm -rf --one-file-system "$3"
                """, "reconcile-test-\(id)", "reconcile-\(id)", base)
        try shell("ip netns add \(namespace)")
    }

    /// Starts an agent in the node's network namespace.
    ///
    /// - Parameters:
    ///   - other: another state directory and cgroup parent than the node's own, told from them by this ending.
    ///   - silence: how many seconds a supervisor may leave requests unanswered.
    ///   - subnet: where Pods get their addresses from.
    public func agent(
        other: String = "", silence: Double = 60, subnet: String = "10.88.0.0/24"
    ) throws -> TestAgent {
        try TestAgent(
            "/usr/bin/nsenter",
            [
                "--net=/run/netns/\(namespace)", PodFixture.product("test-node"), state + other, run, logs,
                parent + other,
                subnet, PodFixture.product("pod-supervisor"), PodFixture.product("pause"), String(silence),
            ])
    }

    /// Runs a script in the base directory, and returns what it prints.
    @discardableResult
    public func shell(_ script: String) throws -> String {
        let output = try Linux.Pipe()
        let child = try spawn(
            executable: "/bin/sh", arguments: ["-euc", "cd \(base)\n" + script],
            descriptors: [1: output.writing.raw, 2: output.writing.raw])
        let text = String(decoding: try output.intoReading().readToEnd(), as: UTF8.self)
        let status = try child.reap()
        guard status == .exited(0) else { throw Problem(description: "\(script): \(status): \(text)") }
        return text
    }

    /// Makes a docker archive of an image `busybox:test`.
    ///
    /// - Parameter user: whom it says its containers run as.
    public func busyboxArchive(user: String = "") throws -> String {
        try shell(
            """
            mkdir -p image/root/bin image/root/tmp image/root/etc && cd image
            cp /bin/busybox root/bin/busybox
            for applet in sh echo cat sleep true false ls id env kill touch grep hostname usleep; do
                ln -sf busybox root/bin/$applet
            done
            printf 'root:x:0:0::/root:/bin/sh\\n' > root/etc/passwd
            printf 'root:x:0:\\n' > root/etc/group
            tar -C root -cf layer.tar .
            layer=$(sha256sum layer.tar | cut -d' ' -f1)
            case $(uname -m) in aarch64) arch=arm64;; *) arch=amd64;; esac
            printf '{"os":"linux","architecture":"%s","config":{"User":"\(user)","Cmd":["sh"],"Env":["PATH=/bin","FROM_IMAGE=yes"]},\
            "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' $arch $layer > config.json
            printf '[{"Config":"config.json","RepoTags":["busybox:test"],"Layers":["layer.tar"]}]' > manifest.json
            tar -cf ../busybox.tar manifest.json config.json layer.tar
            """)
        return "\(base)/busybox.tar"
    }

    /// What is left of the node outside its state directory, a line each: processes, cgroups, links, mounts, run
    /// directory.
    public func leftovers() throws -> [String] {
        try shell(
            """
            find /sys/fs/cgroup -type d -path '*\(parent)*' 2>/dev/null || true
            find /sys/fs/cgroup -path '*\(parent)*' -name cgroup.procs -exec cat {} + 2>/dev/null || true
            nsenter --net=/run/netns/\(namespace) ip -o link show 2>/dev/null | grep -v ' lo:' || true
            grep '\(base)' /proc/self/mountinfo || true
            find run -mindepth 1 2>/dev/null || true
            """
        ).split(separator: "\n").map(String.init)
    }

    /// Runs a script in the node's network namespace.
    @discardableResult
    public func inNetwork(_ script: String) throws -> String {
        try shell("nsenter --net=/run/netns/\(namespace) sh -euc \"$(cat <<'SCRIPT'\n\(script)\nSCRIPT\n)\"")
    }

    /// A Pod's links on the node.
    public func links() throws -> [String] {
        try shell("nsenter --net=/run/netns/\(namespace) ip -o link show type veth 2>/dev/null")
            .split(separator: "\n").map(String.init)
    }

    /// The process that supervises the node's only Pod.
    public func supervisorProcess() throws -> pid_t? {
        let unified = FileManager.default.fileExists(atPath: "/sys/fs/cgroup/unified") ? "/unified" : ""
        let processes = try shell("cat /sys/fs/cgroup\(unified)/\(parent)/supervisors/cgroup.procs")
            .split(separator: "\n").map(String.init)
        // Beside it its logger, a child of it, and spare ones that stand elsewhere.
        return try processes.first {
            try !processes.contains(parent(of: $0)) && shell("readlink /proc/\($0)/cwd").contains("/pods/")
        }.flatMap { pid_t($0) }
    }

    private func parent(of process: String) throws -> String {
        try shell("sed -n 's/^PPid:[[:space:]]*//p' /proc/\(process)/status")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends and removes all that the node made. To be called however the test went; what a test that died leaves is
    /// removed too.
    public func clean() {
        do { try aftermath.settle() } catch {
            FileHandle.standardError.write(Data("cleaning up failed: \(error)\n".utf8))
        }
    }
}
