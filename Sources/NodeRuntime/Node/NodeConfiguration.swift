import Cgroups
import PodModel
import PodNetwork

/// What a node is called and uses of its machine.
public struct NodeConfiguration: Sendable, Hashable {
    /// The node's name.
    public var nodeName: String
    /// The cgroup that everything lives below, relative to the root of each hierarchy.
    public var cgroupParent: String
    /// The bridge that Pods are linked to.
    public var bridge: String
    /// Where Pods get their addresses from.
    public var podSubnet: IPv4Subnet
    /// Whether Pods go beyond the node in its name.
    public var masquerades = true
    /// Whether the node may be made to pass on what goes between Pods and the world (`net.ipv4.ip_forward`).
    public var turnsForwardingOn = false
    /// The programs that every Pod has one of.
    public var executables: Executables
    /// How long a Pod's supervisor may leave requests unanswered before it is taken for hung: then it is ended, and the
    /// Pod's sandbox is made anew.
    public var silenceLimit = Duration.seconds(60)
    /// How many processes and threads a Pod may have.
    public var podPidsLimit = defaultPodPidsLimit
    /// What Pods together may request: nil for all that the machine has.
    public var allocatable: NodeAllocatable?
    /// Which paths of the node Pods may mount: none.
    public var hostPaths = HostPathPolicy()
    /// When the containers' logs are rotated.
    public var logRotation = LogRotation()
    /// How long the logs of Pods that are gone are kept.
    public var logRetention = LogRetention()

    /// The programs that every Pod has one of.
    public struct Executables: Sendable, Hashable {
        /// Path of `pod-supervisor`.
        public var supervisor: String
        /// Path of `pause`.
        public var pause: String

        /// Names both; they are copied before they are used.
        public init(supervisor: String, pause: String) {
            self.supervisor = supervisor
            self.pause = pause
        }
    }

    /// A configuration.
    ///
    /// - Throws: `NodeRuntimeError.invalidSubnet` when `podCIDR` is no IPv4 network.
    public init(
        nodeName: String, cgroupParent: String = "reconcile-agent", bridge: String = "rec0",
        podCIDR: String = "10.88.0.0/16", executables: Executables
    ) throws(NodeRuntimeError) {
        guard let subnet = IPv4Subnet(podCIDR) else { throw .invalidSubnet(podCIDR) }
        self.nodeName = nodeName
        self.cgroupParent = cgroupParent
        self.bridge = bridge
        self.podSubnet = subnet
        self.executables = executables
    }
}
