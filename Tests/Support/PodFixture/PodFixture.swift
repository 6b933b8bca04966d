import Aftermath
import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import Seccomp
import SupervisorCore

/// A Pod without an agent: a run directory, a root made of busybox, cgroups of its own, and a supervisor.
public final class PodFixture: Sendable {
    /// Where all of it lies.
    public let base: String
    /// The Pod's run directory.
    public let run: String
    /// Tells fixtures apart.
    public let uid: String
    /// The process's poller.
    public let poller: Poller
    /// The Pod's cgroup in the unified tree.
    public let unified: String

    /// Takes up a Pod that another process made; whoever made it cleans up.
    public init(existing uid: String) throws {
        self.uid = uid
        base = "\(Self.directory)/reconcile-test-\(uid)"
        run = "\(base)/run"
        poller = try Poller()
        unified = "\(Self.unifiedTree)/reconcile-\(uid)"
        aftermath = nil
    }

    /// Clears up behind whoever made the Pod.
    private let aftermath: Aftermath?
    /// Where tests write: /tmp, or what RECONCILE_TEST_DIRECTORY names (a file system that overlayfs can write to).
    private static let directory = ProcessInfo.processInfo.environment["RECONCILE_TEST_DIRECTORY"] ?? "/tmp"
    private static let unifiedTree =
        FileManager.default.fileExists(atPath: "/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup"

    /// Makes directories, a root and cgroups of its own.
    public init() throws {
        uid = "t" + UUID().uuidString.prefix(8).lowercased()
        base = "\(Self.directory)/reconcile-test-\(uid)"
        aftermath = try Aftermath(
            Aftermath.endOfCgroups + #"rm -rf --one-file-system "$2""#, "reconcile-\(uid)", base)
        run = "\(base)/run"
        for directory in ["run", "layers/root/bin", "layers/root/tmp", "layers/root/etc", "logs", "rw"] {
            try FileManager.default.createDirectory(
                atPath: "\(base)/\(directory)", withIntermediateDirectories: true)
        }
        let layer = "\(base)/layers/root"
        try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: "\(layer)/bin/busybox")
        for applet in [
            "sh", "echo", "cat", "sleep", "true", "false", "ls", "id", "ps", "env", "seq", "tty", "stty", "kill",
            "touch", "grep", "readlink", "mount", "pwd", "hostname", "dd", "test", "usleep", "mkdir",
        ] {
            try FileManager.default.createSymbolicLink(atPath: "\(layer)/bin/\(applet)", withDestinationPath: "busybox")
        }
        try "root:x:0:0::/root:/bin/sh\nweb:x:101:102::/home/web:/bin/sh\n".write(
            toFile: "\(layer)/etc/passwd", atomically: true, encoding: .utf8)
        try "root:x:0:\nweb:x:102:\nlogs:x:150:web\n".write(
            toFile: "\(layer)/etc/group", atomically: true, encoding: .utf8)
        poller = try Poller()
        unified = "\(Self.unifiedTree)/reconcile-\(uid)"
        for group in ["", "/supervisors", "/pod", "/pod/pause"] {
            try FileManager.default.createDirectory(atPath: unified + group, withIntermediateDirectories: false)
        }
    }

    deinit { clean() }

    /// Where the programs are that RECONCILE_TEST_PROGRAMS names; else they are built beside the test bundle.
    private static let programs =
        ProcessInfo.processInfo.environment["RECONCILE_TEST_PROGRAMS"]
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().path

    /// Path of an executable of this package.
    public static func product(_ name: String) -> String {
        for directory in [programs, FileManager.default.currentDirectoryPath + "/.build/debug"] {
            let path = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return name
    }

    /// Starts the supervisor and connects to it.
    public func launch(listener: (@Sendable (Supervisor.Event) -> Void)? = nil) async throws -> Supervisor {
        let group = try Descriptor.open("\(unified)/supervisors", O_RDONLY | O_DIRECTORY)
        try await SupervisorLauncher(executable: Self.product("pod-supervisor")).launch(in: run, cgroup: group.raw)
        return try await Supervisor.connect(directory: run, poller: poller, listener: listener)
    }

    /// Connects to the supervisor that runs.
    public func connect(listener: (@Sendable (Supervisor.Event) -> Void)? = nil) async throws -> Supervisor {
        try await Supervisor.connect(directory: run, poller: poller, listener: listener)
    }

    /// Makes the Pod's sandbox.
    @discardableResult
    public func createSandbox(
        _ supervisor: Supervisor, change: (inout SandboxRequest) -> Void = { _ in }
    ) async throws -> Supervisor.Sandbox {
        var request = SandboxRequest()
        request.id = Array("sandbox".utf8)
        request.hostname = Array("web-0".utf8)
        request.pause = Array(Self.product("pause").utf8)
        request.sharedMemory = Array("\(run)/shm".utf8)
        request.sharedMemorySize = 1 << 20
        request.deadlineMilliseconds = 10_000 * UInt64(patience)
        request.roles = [DescriptorRole.cgroup]
        change(&request)
        let group = try Descriptor.open("\(unified)/pod/pause", O_RDONLY | O_DIRECTORY)
        return try await supervisor.createSandbox(request, descriptors: [group.raw])
    }

    /// A start request for `arguments`, with the mounts a container gets.
    public func startRequest(
        _ id: String, _ arguments: [String], user: String = "", deadline: UInt64 = 10_000 * UInt64(patience)
    ) throws
        -> StartRequest
    {
        var request = StartRequest()
        request.container = Array(id.utf8)
        request.process.arguments = arguments.map { Array($0.utf8) }
        request.process.environment = [Array("PATH=/bin".utf8)]
        request.process.user = Array(user.utf8)
        request.process.capabilities = DefaultCapabilities.mask
        request.process.seccompFilter = try Self.filters.filter(
            of: .runtimeDefault, capabilities: DefaultCapabilities.mask
        ).program
        request.root.lower = [Array("root".utf8)]
        request.root.base = Array("\(base)/layers".utf8)
        for directory in ["upper", "work"] {
            try FileManager.default.createDirectory(
                atPath: "\(base)/rw/\(id)/\(directory)", withIntermediateDirectories: true)
        }
        request.root.upper = Array("\(base)/rw/\(id)/upper".utf8)
        request.root.work = Array("\(base)/rw/\(id)/work".utf8)
        request.steps = ContainerMounts.standard(sharedMemory: "\(run)/shm")
        request.deadlineMilliseconds = deadline
        request.roles = [DescriptorRole.cgroup, DescriptorRole.log]
        return request
    }

    private static let filters = SeccompFilters()

    /// Puts a program into the root that tells what it is and what it can do.
    public func addProber() throws {
        let path = "\(base)/layers/root/bin/prober"
        try Self.prober.get().write(to: URL(fileURLWithPath: path))
        chmod(path, 0o755)
    }

    /// The program, compiled once.
    private static let prober = Result {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("prober/prober.c").path
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("reconcile-prober-\(UUID())")
        defer { try? FileManager.default.removeItem(at: output) }
        let compiler = try spawn(
            executable: "/usr/bin/cc", arguments: ["-static", "-O1", "-o", output.path, source],
            environment: ["PATH": "/usr/bin:/bin"], descriptors: [2: 2])
        let status = try compiler.reap()
        if status != .exited(0) { throw SystemError("cc", source, code: EINVAL) }
        return try Data(contentsOf: output)
    }

    /// Starts a container.
    @discardableResult
    public func start(_ supervisor: Supervisor, _ id: String, _ arguments: [String], user: String = "") async throws
        -> Supervisor.Started
    {
        try await start(supervisor, try startRequest(id, arguments, user: user))
    }

    /// Starts a container from a request.
    @discardableResult
    public func start(_ supervisor: Supervisor, _ request: StartRequest) async throws -> Supervisor.Started {
        let id = String(decoding: request.container, as: UTF8.self)
        let path = "\(unified)/pod/\(id)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let group = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        let logs = try Descriptor.open(logDirectory, O_RDONLY | O_DIRECTORY)
        let log = try Descriptor.open("\(id).log", O_WRONLY | O_APPEND | O_CREAT, at: logs.raw)
        guard request.log != nil else {
            return try await supervisor.start(request, descriptors: [group.raw, log.raw])
        }
        var rotating = request
        rotating.roles.append(DescriptorRole.logDirectory)
        return try await supervisor.start(rotating, descriptors: [group.raw, log.raw, logs.raw])
    }

    /// Where the containers' logs are.
    public var logDirectory: String { "\(base)/logs" }

    /// Runs a process in a container and collects its output.
    public func exec(
        _ supervisor: Supervisor, _ id: String, in container: String, _ arguments: [String], timeout: Duration = .zero,
        change: (inout ProcessPlan) -> Void = { _ in }
    ) async throws -> (pid: Int32, output: String) {
        var request = ExecRequest()
        request.container = Array(container.utf8)
        request.exec = Array(id.utf8)
        request.process.arguments = arguments.map { Array($0.utf8) }
        request.process.environment = [Array("PATH=/bin".utf8)]
        request.process.capabilities = DefaultCapabilities.mask
        request.deadlineMilliseconds = 10_000 * UInt64(patience)
        change(&request.process)
        request.timeoutMilliseconds = UInt64(timeout / .milliseconds(1))
        request.roles = [DescriptorRole.standardOutput, DescriptorRole.standardError]
        let output = try Linux.Pipe()
        let started = try await supervisor.exec(request, descriptors: [output.writing.raw, output.writing.raw])
        let reading = output.intoReading()
        return (started.pid, String(decoding: try reading.readToEnd(), as: UTF8.self))
    }

    /// The text of a container's log, without timestamps, its spaces kept.
    public func rawLog(_ id: String) -> String {
        let text = (try? String(contentsOfFile: "\(base)/logs/\(id).log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { line in
            line.split(separator: " ", maxSplits: 3).dropFirst(3).joined()
        }.joined(separator: "\n")
    }

    /// The text of a container's log, without timestamps.
    public func log(_ id: String) -> [String] {
        let text = (try? String(contentsOfFile: "\(base)/logs/\(id).log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 3).dropFirst(3).joined() }
    }

    /// The processes in the Pod's cgroups.
    public func processes(_ group: String = "/pod") -> [pid_t] {
        var found: [pid_t] = []
        let tree = FileManager.default.enumerator(atPath: unified + group)
        var groups = [""]
        while let name = tree?.nextObject() as? String { if name.hasSuffix("cgroup.procs") { groups.append(name) } }
        for name in groups where !name.isEmpty {
            let text = (try? String(contentsOfFile: "\(unified)\(group)/\(name)", encoding: .utf8)) ?? ""
            found += text.split(separator: "\n").compactMap { pid_t($0) }
        }
        return found
    }

    /// Kills and removes all that this fixture made; safe to call again.
    public func clean() {
        // The fixture cannot help a failure here, and the test has said what it has to say.
        try? aftermath?.settle()
    }
}

extension Duration {
    /// How often `right` fits into `left`.
    public static func / (left: Duration, right: Duration) -> Double {
        let (a, b) = (left.components, right.components)
        return (Double(a.seconds) + Double(a.attoseconds) / 1e18) / (Double(b.seconds) + Double(b.attoseconds) / 1e18)
    }
}
