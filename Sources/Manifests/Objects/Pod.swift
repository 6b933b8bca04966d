/// A Pod as its author wants it: containers that share one network, started and ended together (core/v1 Pod).
public struct Pod: Sendable, Hashable {
    /// Name, namespace, labels, annotations.
    public var metadata: ObjectMeta
    /// What should run.
    public var spec: PodSpec

    /// A Pod.
    public init(metadata: ObjectMeta, spec: PodSpec) {
        self.metadata = metadata
        self.spec = spec
    }
}

/// What should run, and how it ends (core/v1 PodSpec).
public struct PodSpec: Sendable, Hashable {
    /// The containers, in the order in which they start; at least one.
    public var containers: [Container]
    /// What runs before them: one after the other, each to its end; one that is restarted always is a sidecar, which
    /// runs on beside the containers.
    public var initContainers: [Container]
    /// The directories that containers may share.
    public var volumes: [Volume]
    /// When a container that ended starts again.
    public var restartPolicy: RestartPolicy
    /// Seconds between the request to stop and the kill.
    public var terminationGracePeriodSeconds: Int
    /// Seconds after its start when it has failed, whatever it does; nil for never.
    public var activeDeadlineSeconds: Int?
    /// The system that its containers are made for; nil where nobody says.
    public var os: PodOS?
    /// The node that must run it; nil for any.
    public var nodeName: String?
    /// The host name its processes see; nil for the Pod's name.
    public var hostname: String?
    /// The host name its processes see, whole, whatever `hostname` and `subdomain` say; nil for what they say.
    public var hostnameOverride: String?
    /// The part of the domain that its name is in; nil for none.
    public var subdomain: String?
    /// Whether its host name is the whole name with its domain.
    public var setHostnameAsFQDN: Bool
    /// More lines of its hosts file.
    public var hostAliases: [HostAlias]
    /// How its processes find the addresses of names.
    public var dnsPolicy: DNSPolicy
    /// What its resolver is told besides; nil for nothing.
    public var dnsConfig: PodDNSConfig?
    /// Whether containers find out, by files, whom they act for; nil for yes.
    public var automountServiceAccountToken: Bool?
    /// Whom it acts for; there is no API server that would know, so it is a name alone.
    public var serviceAccountName: String
    /// Labels that a node must have to run it.
    public var nodeSelector: [String: String]
    /// More demands on the node; nil for none.
    public var affinity: Affinity?
    /// The taints of nodes it puts up with.
    public var tolerations: [Toleration]
    /// The Secrets whose credentials its images are pulled with, before those of the node.
    public var imagePullSecrets: [ImagePullSecret] = []
    /// What the processes of all its containers may do; nil for what is usual.
    public var securityContext: PodSecurityContext?
    /// Which of the node's namespaces it uses, and which its containers share.
    public var namespaces = PodNamespaces()
    /// How much it counts beside others: who is started first where there is no room for all, who goes when the node runs short.
    public var priority = PodPriority()
    /// What its containers may use and count on together; nil where each speaks for itself.
    public var resources: ResourceRequirements?
    /// What the node needs for it beside its containers.
    public var overhead = ResourceList()
    /// What it waits for before it is started: it starts once none is left.
    public var schedulingGates: [PodSchedulingGate] = []

    /// A spec with Kubernetes' defaults.
    public init(
        containers: [Container], initContainers: [Container] = [], volumes: [Volume] = [],
        restartPolicy: RestartPolicy = .always, terminationGracePeriodSeconds: Int = 30, nodeName: String? = nil,
        hostname: String? = nil, subdomain: String? = nil, setHostnameAsFQDN: Bool = false,
        hostAliases: [HostAlias] = [], dnsPolicy: DNSPolicy = .clusterFirst, dnsConfig: PodDNSConfig? = nil,
        automountServiceAccountToken: Bool? = nil, serviceAccountName: String = "default",
        nodeSelector: [String: String] = [:], affinity: Affinity? = nil, tolerations: [Toleration] = [],
        securityContext: PodSecurityContext? = nil
    ) {
        self.containers = containers
        self.initContainers = initContainers
        self.volumes = volumes
        self.restartPolicy = restartPolicy
        self.terminationGracePeriodSeconds = terminationGracePeriodSeconds
        self.nodeName = nodeName
        self.hostname = hostname
        self.subdomain = subdomain
        self.setHostnameAsFQDN = setHostnameAsFQDN
        self.hostAliases = hostAliases
        self.dnsPolicy = dnsPolicy
        self.dnsConfig = dnsConfig
        self.automountServiceAccountToken = automountServiceAccountToken
        self.serviceAccountName = serviceAccountName
        self.nodeSelector = nodeSelector
        self.affinity = affinity
        self.tolerations = tolerations
        self.securityContext = securityContext
    }

    /// Every container, those that begin first in front.
    public var allContainers: [Container] { initContainers + containers }

    /// The containers that run as long as the Pod does: what it is ready by.
    public var lastingContainers: [Container] { initContainers.filter(\.isSidecar) + containers }

    /// A container by its name, whichever list it is in.
    public func container(_ name: String) -> Container? { allContainers.first { $0.name == name } }

    /// Whether an init container bears a name.
    public func hasInit(_ name: String?) -> Bool { initContainers.contains { $0.name == name } }

    /// When a container starts again that ended: an init container only until it ended well.
    public func restartPolicy(of container: Container) -> RestartPolicy {
        let policy = container.restartPolicy ?? restartPolicy
        let isPlainInit = container.restartPolicy != .always && initContainers.contains { $0.name == container.name }
        return isPlainInit && policy == .always ? .onFailure : policy
    }
}

/// When a container that ended starts again.
public enum RestartPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// After every exit.
    case always = "Always"
    /// After an exit with another code than 0.
    case onFailure = "OnFailure"
    /// Never.
    case never = "Never"
}
