/// One program of a Pod and the image it comes from (core/v1 Container).
public struct Container: Sendable, Hashable {
    /// The name, a DNS label, unique in the Pod.
    public var name: String
    /// The image as written, for example `nginx:1.14`.
    public var image: String
    /// The program and its first arguments; empty for the image's entrypoint.
    public var command: [String]
    /// The arguments after the command; empty for the image's own, unless `command` is set.
    public var args: [String]
    /// The working directory; nil for the image's.
    public var workingDir: String?
    /// Variables by the object; those of a later one win, and `env` over all of them.
    public var envFrom: [EnvFromSource]
    /// Environment variables, in the order in which they may refer to each other.
    public var env: [EnvVar]
    /// Where it sees the Pod's volumes.
    public var volumeMounts: [VolumeMount]
    /// The ports it says it listens on.
    public var ports: [ContainerPort]
    /// When the image is pulled.
    public var imagePullPolicy: ImagePullPolicy
    /// What it may use, and what it counts on.
    public var resources: ResourceRequirements
    /// Which of them change only with a restart; the others change while it runs.
    public var resizePolicy: [ContainerResizePolicy] = []
    /// What its processes may do; nil for what is usual.
    public var securityContext: SecurityContext?
    /// The file inside that holds its last words.
    public var terminationMessagePath: String
    /// Where its last words come from.
    public var terminationMessagePolicy: TerminationMessagePolicy
    /// Whether its standard input is open, for whoever attaches.
    public var stdin = false
    /// Whether that ends with the first who attached.
    public var stdinOnce = false
    /// Whether it has a terminal.
    public var tty = false
    /// What is done when it has started and before it is stopped; nil for nothing.
    public var lifecycle: Lifecycle?
    /// When it starts again that ended; nil for the Pod's policy. An init container with `always` is a sidecar.
    public var restartPolicy: RestartPolicy?
    /// The ends after which it starts again whatever its policy says.
    public var restartPolicyRules: [ContainerRestartRule] = []
    /// Whether it is well: failing restarts it; nil for always.
    public var livenessProbe: Probe?
    /// Whether it can serve: failing takes it out of service; nil as long as it runs.
    public var readinessProbe: Probe?
    /// Whether it has started: the other two wait for it, and failing restarts it; nil as soon as it runs.
    public var startupProbe: Probe?

    /// A container with Kubernetes' defaults; without `imagePullPolicy`, the one that follows from the image's tag.
    public init(
        name: String, image: String, command: [String] = [], args: [String] = [], workingDir: String? = nil,
        envFrom: [EnvFromSource] = [], env: [EnvVar] = [], volumeMounts: [VolumeMount] = [],
        ports: [ContainerPort] = [],
        imagePullPolicy: ImagePullPolicy? = nil,
        resources: ResourceRequirements = ResourceRequirements(), securityContext: SecurityContext? = nil
    ) {
        self.name = name
        self.image = image
        self.command = command
        self.args = args
        self.workingDir = workingDir
        self.envFrom = envFrom
        self.env = env
        self.volumeMounts = volumeMounts
        self.ports = ports
        self.imagePullPolicy = imagePullPolicy ?? .implied(by: image)
        self.resources = resources
        self.securityContext = securityContext
        terminationMessagePath = Self.terminationLog
        terminationMessagePolicy = .file
    }

    /// Where last words are looked for unless the manifest says otherwise (Kubernetes' default).
    public static let terminationLog = "/dev/termination-log"
}

extension Container {
    /// Of an init container: whether it runs on beside the containers.
    public var isSidecar: Bool { restartPolicy == .always }
}

/// Where a container's last words come from.
public enum TerminationMessagePolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// From the file that it may write.
    case file = "File"
    /// From the end of its log, when it wrote none and failed.
    case fallbackToLogsOnError = "FallbackToLogsOnError"
}

/// When the node pulls an image.
public enum ImagePullPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// Before every start of a container.
    case always = "Always"
    /// When the node does not have it.
    case ifNotPresent = "IfNotPresent"
    /// Never: the node must have it.
    case never = "Never"

    /// The policy of a container that names none: `always` when the image has the tag `latest`, or neither tag nor
    /// digest; else `ifNotPresent` (Kubernetes' defaulting).
    public static func implied(by image: String) -> ImagePullPolicy {
        let parts = image.split(separator: "@", maxSplits: 1)
        let last = parts.first?.split(separator: "/").last ?? ""
        let tag = last.split(separator: ":", maxSplits: 1).dropFirst().first
        return tag == "latest" || (tag == nil && parts.count < 2) ? .always : .ifNotPresent
    }
}
