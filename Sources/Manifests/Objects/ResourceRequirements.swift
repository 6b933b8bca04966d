/// What a container may use, and what it counts on (core/v1 ResourceRequirements).
public struct ResourceRequirements: Sendable, Hashable {
    /// The most it may use; nothing for no bound.
    public var limits: ResourceList
    /// What it counts on; from the limits where nothing else is said.
    public var requests: ResourceList

    /// Resources as written; a resource without a request requests its limit, as in Kubernetes.
    public init(limits: ResourceList = ResourceList(), requests: ResourceList = ResourceList()) {
        self.limits = limits
        self.requests = requests
        requestLimits()
    }

    /// Requests the limit of each resource that has no request (`SetDefaults_Pod`).
    mutating func requestLimits() {
        requests.cpu = requests.cpu ?? limits.cpu
        requests.memory = requests.memory ?? limits.memory
        requests.ephemeralStorage = requests.ephemeralStorage ?? limits.ephemeralStorage
    }
}

/// Amounts by resource (core/v1 ResourceList).
public struct ResourceList: Sendable, Hashable {
    /// Processor time; nil when not said.
    public var cpu: MilliCPU?
    /// Memory; nil when not said.
    public var memory: Bytes?
    /// Room on the node's disk for what does not outlive the Pod; nil when not said.
    public var ephemeralStorage: Bytes?

    /// Amounts.
    public init(cpu: MilliCPU? = nil, memory: Bytes? = nil, ephemeralStorage: Bytes? = nil) {
        self.cpu = cpu
        self.memory = memory
        self.ephemeralStorage = ephemeralStorage
    }

    /// Whether nothing is said.
    public var isEmpty: Bool { cpu == nil && memory == nil && ephemeralStorage == nil }
}
