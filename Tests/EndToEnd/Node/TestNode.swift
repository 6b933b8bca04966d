import Foundation
import Glibc
import Linux
import Patience
import PodFixture
import Synchronization
import Testing

/// A node of a test's own: namespaces, directories, a cgroup parent, a bridge, a bare repository; and the real command
/// line, which is told of them by its environment.
final class TestNode: Sendable {
    /// Where all of it lies.
    let base: String
    /// The cgroup that its Pods live below.
    let cgroupParent: String
    /// The link between its Pods.
    let bridge: String
    /// What is pushed to.
    let repository: Repository
    private let holder: pid_t
    private let running = Mutex<ChildProcess?>(nil)

    /// What standard error of the agent that runs goes to.
    var log: String { "\(base)/agent.log" }

    /// Makes a node, with images imported, and after `body`, however it ended, sees that `down` leaves nothing.
    static func use(
        images: [DemoImage] = [.nginx], location: SourceLocation = #_sourceLocation,
        _ body: (TestNode) async throws -> Void
    ) async throws {
        await NodeGate.shared.enter()
        let name = UUID().uuidString.prefix(8).lowercased()
        let base = "\(directory)/reconcile-e2e-\(name)"
        var failure: (any Error)?
        do {
            try FileManager.default.createDirectory(
                atPath: base, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
            let holder = try NodeHolder.start(base: base, cgroupParent: "reconcile-e2e-\(name)")
            do {
                let node = try await TestNode(name: name, base: base, holder: holder.pid)
                try await node.live(with: images, location, body)
            } catch { failure = error }
            try holder.end()
        } catch { failure = failure ?? error }
        await NodeGate.shared.leave()
        #expect(!FileManager.default.fileExists(atPath: base), sourceLocation: location)
        if let failure { throw failure }
    }

    private func live(
        with images: [DemoImage], _ location: SourceLocation, _ body: (TestNode) async throws -> Void
    ) async throws {
        do {
            if !images.isEmpty { try await `import`(images) }
            try await body(self)
        } catch {
            Issue.record("the agent's log ends with:\n\(lastLogLines)", sourceLocation: location)
            try killAgent()
            throw error
        }
        try killAgent()
        let down = try await agent("down", "--timeout", "2s")
        #expect(down.status == 0, "down: \(down)", sourceLocation: location)
        #expect(try await remains() == [], "down leaves nothing", sourceLocation: location)
    }

    private init(name: String, base: String, holder: pid_t) async throws {
        self.base = base
        self.holder = holder
        cgroupParent = "reconcile-e2e-\(name)"
        bridge = "e\(name)"
        repository = try await Repository(below: base)
    }

    // MARK: Commands

    /// Runs `reconcile-agent` on this node.
    func agent(_ arguments: String...) async throws -> Said {
        try await agent(arguments)
    }

    /// Runs `reconcile-agent` on this node, with `input` as its standard input.
    func agent(_ arguments: [String], input: String = "") async throws -> Said {
        try await run(PodFixture.product("reconcile-agent"), arguments, input: input)
    }

    /// Runs a program in this node's namespaces.
    func run(_ program: String, _ arguments: [String], input: String = "") async throws -> Said {
        let command = WorkerCommand(
            executable: "/usr/bin/nsenter", arguments: ["-t", "\(holder)", "-n", "-m", "--", program])
        return Said(
            try await command.run(
                arguments, input: Array(input.utf8), timeout: .seconds(120 * patience), environment: environment()))
    }

    /// Runs `reconcile-agent` on a terminal, with `input` typed into it; the output is what the terminal shows.
    func agentOnTerminal(_ arguments: [String], input: String) async throws -> Said {
        let words = [PodFixture.product("reconcile-agent")] + arguments
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        return try await run("/usr/bin/script", ["-qec", line, "/dev/null"], input: input).withPlainLineEnds
    }

    /// The page that a web server of this node answers with; nil when it does not answer.
    func page(at address: String) async throws -> String? {
        let said = try await run("/usr/bin/curl", ["--silent", "--fail", "--max-time", "2", "http://\(address)/"])
        return said.status == 0 ? said.output : nil
    }

    private func environment() -> [String: String] {
        [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": base, "TERM": "dumb", "TZ": "UTC",
            "RECONCILE_AGENT_STATE_DIR": "\(base)/state", "RECONCILE_AGENT_RUN_DIR": "\(base)/run",
            "RECONCILE_AGENT_LOG_DIR": "\(base)/log", "RECONCILE_AGENT_REPO": repository.url,
            "RECONCILE_AGENT_INTERVAL": "200ms", "RECONCILE_AGENT_TIMEOUT": "2m", "RECONCILE_AGENT_NODE_NAME": "node-1",
            "RECONCILE_AGENT_CGROUP_PARENT": cgroupParent, "RECONCILE_AGENT_BRIDGE": bridge,
            "RECONCILE_AGENT_EVICTION_HARD": "none",
        ]
    }

    private func `import`(_ images: [DemoImage]) async throws {
        let files = try await DemoImage.archives(of: images)
        let said = try await agent(["image", "import"] + files)
        guard said.status == 0 else { throw NodeFailure("images cannot be imported: \(said)") }
    }

    /// Starts `reconcile-agent` beside the test; it dies with it.
    func startInBackground(_ arguments: String...) throws -> BackgroundCommand {
        try startInBackground(arguments)
    }

    /// Starts `reconcile-agent` beside the test; it dies with it.
    func startInBackground(_ arguments: [String]) throws -> BackgroundCommand {
        try startInBackground(program: PodFixture.product("reconcile-agent"), arguments)
    }

    /// Starts a program in this node's namespaces beside the test; it dies with it.
    func startInBackground(program: String, _ arguments: [String]) throws -> BackgroundCommand {
        try BackgroundCommand(
            executable: "/usr/bin/nsenter",
            arguments: ["-t", "\(holder)", "-n", "-m", "--", program] + arguments, environment: environment(),
            output: "\(base)/output-\(UUID().uuidString)")
    }

    // MARK: The agent that stays

    /// Starts an agent that follows the repository.
    ///
    /// - Parameters:
    ///   - flags: of `reconcile`.
    ///   - variables: what its environment holds beside what this node's commands have.
    /// - Returns: its process number.
    @discardableResult
    func startAgent(_ flags: String..., variables: [String: String] = [:]) throws -> pid_t {
        let file = try Descriptor.open(log, O_WRONLY | O_CREAT | O_APPEND)
        // nsenter becomes the agent: the number is the agent's.
        return try running.withLock { running in
            let child = try spawn(
                executable: "/usr/bin/nsenter",
                arguments: ["-t", "\(holder)", "-n", "-m", "--", PodFixture.product("reconcile-agent"), "reconcile"]
                    + flags,
                environment: environment().merging(variables) { $1 }, descriptors: [1: file.raw, 2: file.raw])
            let pid = child.pid
            running = consume child
            return pid
        }
    }

    /// Ends the agent as a crash would, and waits for its end.
    func killAgent() throws { try endAgent(by: SIGKILL) }

    /// Asks the agent to end, and waits for its end.
    func endAgent(by signal: Int32 = SIGTERM) throws {
        try running.withLock { running in
            guard let child = running.take() else { return }
            kill(child.pid, signal)
            try child.reap()
        }
    }

    private var lastLogLines: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(20).joined(separator: "\n")
    }

    // MARK: Waiting

    /// Waits until something is so: asks ten times a second, less often where asking takes long, as on an emulated processor
    /// that has the node to carry on beside it, and gives up after a while.
    func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(90 * patience)
        while true {
            let asked = ContinuousClock.now
            if try await isSo() { return }
            let answered = ContinuousClock.now
            guard answered < deadline else {
                let pods = try await agent("get", "pods", "-A", "-o", "wide")
                throw NodeFailure("not in time: \(what). What there is: \(pods)")
            }
            try await Task.sleep(for: max(.milliseconds(100), answered - asked))
        }
    }

    // MARK: What is left

    /// Everything of this node that still exists outside its state directory, one line each.
    func remains() async throws -> [String] {
        let links = try await run("ip", ["-o", "link", "show"]).output.split(separator: "\n")
            .filter { !$0.contains(": lo: ") }.map { "link \($0.prefix(60))" }
        // Where there is nothing to look with, nothing is found.
        let tables = try await run("/bin/sh", ["-c", "nft list tables 2>/dev/null || true"]).output
            .split(separator: "\n").map { "nft \($0)" }
        let processes = try NodeProcess.all(below: cgroupParent, or: base, besides: holder)
            .map { "process \($0.pid) \($0.name)" }
        let mounts = ["self", "\(holder)"].flatMap { owner in
            lines(of: "/proc/\(owner)/mountinfo").filter { $0.contains(base) }.map { "mount \($0)" }
        }
        let groups = controlGroups().map { "cgroup \($0)" }
        // Logs stay.
        let places = ["run", "state/pods"].flatMap { place in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(base)/\(place)")) ?? []
            return names.map { "file \(place)/\($0)" }
        }
        return links + tables + processes + mounts + groups + places
    }

    /// The node's part of each cgroup hierarchy.
    func controlGroups() -> [String] {
        let root = "/sys/fs/cgroup"
        let hierarchies = [root] + lines(below: root).map { "\(root)/\($0)" }
        return hierarchies.map { "\($0)/\(cgroupParent)" }.filter { FileManager.default.fileExists(atPath: $0) }
    }

    private func lines(below directory: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }

    private func lines(of file: String) -> [String] {
        ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// Where tests write: /tmp, or what RECONCILE_TEST_DIRECTORY names (a file system that overlayfs can write to).
    private static let directory = ProcessInfo.processInfo.environment["RECONCILE_TEST_DIRECTORY"] ?? "/tmp"
}
