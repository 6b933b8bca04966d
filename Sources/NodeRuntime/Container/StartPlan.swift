import ImageStore
import Manifests
import PodModel
import SupervisorCore

/// What a container's spec, its image and its Pod come to: the process, its root, and how the root is furnished. Pure.
struct StartPlan: Sendable, Hashable {
    /// Where PATH leads when neither image nor manifest says (containerd's default).
    static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    let arguments: [String]
    let environment: [String]
    /// What the manifest's own texts may refer to.
    let variables: Environment
    let directory: String
    /// Who its processes are, and what they may do.
    let security: ContainerSecurity
    /// How willingly the kernel kills it.
    let oomScoreAdjustment: Int32

    /// Compiles a container.
    ///
    /// - Parameters:
    ///   - sources: what its variables may be taken from.
    ///   - nodeMemory: the machine's memory in bytes.
    /// - Throws: `ActionFailure` when there is nothing to run, or a variable's source is missing.
    init(
        _ container: Container, of pod: Pod, image: ImageConfig, sources: VariableSources = VariableSources(),
        nodeMemory: Int = OOMScore.nodeMemory()
    ) throws(ActionFailure) {
        var environment = Environment()
        for assignment in image.env { environment.set(assignment) }
        if environment["PATH"] == nil { environment.set("PATH", Self.defaultPath) }
        // What a program on a terminal wants to know; image and manifest know better (containerd).
        if container.tty, environment["TERM"] == nil { environment.set("TERM", "xterm") }
        environment.set("HOSTNAME", pod.isOnHostNetwork ? sources.hostname : pod.effectiveHostname)
        // References reach the manifest's own variables, never the image's (kubelet).
        let written = try Environment(of: container, in: pod, from: sources)
        for assignment in written.assignments { environment.set(assignment) }

        arguments = Self.arguments(container, image).map { $0.isWritten ? written.expand($0.text) : $0.text }
        if arguments.isEmpty {
            throw ActionFailure(
                reason: "CreateContainerError",
                message: "no command specified: neither the container nor its image \(container.image) has one")
        }
        self.environment = environment.assignments
        variables = written
        let wanted = container.workingDir ?? image.workingDir
        directory = wanted.isEmpty ? "/" : wanted
        security = ContainerSecurity(container, of: pod.spec, imageUser: image.user)
        oomScoreAdjustment = OOMScore.adjustment(of: container, in: pod, nodeMemory: nodeMemory)
    }

    /// `command` replaces the image's entrypoint and drops its arguments; `args` replaces the arguments (kubelet).
    private static func arguments(
        _ container: Container, _ image: ImageConfig
    ) -> [(text: String, isWritten: Bool)] {
        let program =
            container.command.isEmpty
            ? image.entrypoint.map { (text: $0, isWritten: false) } : container.command.map { ($0, true) }
        if !container.args.isEmpty { return program + container.args.map { ($0, true) } }
        return container.command.isEmpty ? program + image.cmd.map { ($0, false) } : program
    }

    /// The process for a supervisor.
    var process: ProcessPlan {
        var process = ProcessPlan()
        process.arguments = arguments.map { Array($0.utf8) }
        process.environment = environment.map { Array($0.utf8) }
        process.directory = Array(directory.utf8)
        process.user = Array(security.user.utf8)
        process.groups = security.groups
        process.leavesImageGroups = security.leavesImageGroups
        process.isNeverRoot = security.isNeverRoot
        process.capabilities = security.capabilities & OwnCapabilities.mask
        process.noNewPrivileges = security.noNewPrivileges
        process.oomScoreAdjustment = oomScoreAdjustment
        return process
    }

    /// Another process in the same container, as exec makes it.
    func process(running command: [String], terminal: TerminalSize?) -> ProcessPlan {
        var process = process
        process.arguments = command.map { Array($0.utf8) }
        if let terminal {
            process.terminal = true
            process.rows = UInt32(terminal.rows)
            process.columns = UInt32(terminal.columns)
            if !environment.contains(where: { $0.hasPrefix("TERM=") }) {
                process.environment.append(Array("TERM=xterm".utf8))
            }
        }
        return process
    }
}

extension RootPlan {
    /// The root made of an image's layers with a writable layer on top.
    ///
    /// - Parameters:
    ///   - layers: absolute directories, bottom first, beside each other or below one directory.
    init(layers: [String], upper: String, work: String) {
        self.init()
        let base = Self.commonDirectory(of: layers)
        self.base = Array(base.utf8)
        lower = layers.reversed().map { Array($0.dropFirst(base.count + 1).utf8) }
        self.upper = Array(upper.utf8)
        self.work = Array(work.utf8)
    }

    /// The deepest directory that all paths lie below, without a slash at the end.
    private static func commonDirectory(of paths: [String]) -> String {
        var common = (paths.first?.split(separator: "/") ?? []).dropLast()
        for path in paths.dropFirst() {
            let parts = path.split(separator: "/").dropLast()
            common = common.prefix(zip(common, parts).prefix { $0 == $1 }.count)
        }
        return common.map { "/\($0)" }.joined()
    }
}

extension ContainerMounts {
    /// The steps of a container of a Pod: the standard ones, its volumes, the Pod's own files in /etc, and whom it acts for.
    /// A volume at the place of one of those is there instead (kubelet).
    ///
    /// - Parameters:
    ///   - account: the directory that says whom it acts for; nil when it is not to be told.
    ///   - devices: the node's devices, for a privileged container; nil for any other.
    ///   - isUnmasked: whether nothing of the kernel's files is hidden.
    ///   - root: the node's number of the Pod's root; nil when that is the node's.
    ///   - isRootReadOnly: whether the container's root can only be read.
    static func steps(
        sharedMemory: String, etc: String, account: String? = nil, devices: [NodeDevice]? = nil,
        isUnmasked: Bool = false, root: UInt32? = nil, isRootReadOnly: Bool = false, volumes: [MountStep] = []
    ) -> [MountStep] {
        var files = PodFiles.names.map { name in
            // The hosts file can be written in any container (kubelet), and is made anew for the next that starts.
            let attributes = isRootReadOnly && name != PodFiles.hostsName ? readOnly : 0
            return (target: Array("/etc/\(name)".utf8), source: Array("\(etc)/\(name)".utf8), attributes: attributes)
        }
        if let account { files.append((Array(PodFiles.accountPlace.utf8), Array(account.utf8), readOnly)) }
        let own = devices.map { privileged(sharedMemory: sharedMemory, devices: $0, root: root) }
        return (own ?? standard(sharedMemory: sharedMemory, isUnmasked: isUnmasked, root: root))
            + volumes
            + files.filter { file in !volumes.contains { $0.target == file.target } }
            .map {
                MountStep(kind: MountStep.bind, target: $0.target, source: $0.source, attributes: $0.attributes)
            }
    }
}

extension ContainerMounts {
    /// The file that takes a container's last words.
    static func terminationLog(_ file: String, at path: String) -> MountStep {
        let target = path.hasPrefix("/") ? path : "/\(path)"
        return MountStep(kind: MountStep.bind, target: Array(target.utf8), source: Array(file.utf8))
    }
}

/// A terminal's size in characters; zero leaves it unset.
public struct TerminalSize: Sendable, Hashable {
    /// Lines.
    public var rows: UInt16
    /// Characters in a line.
    public var columns: UInt16

    /// A size.
    public init(rows: UInt16 = 0, columns: UInt16 = 0) {
        self.rows = rows
        self.columns = columns
    }
}
