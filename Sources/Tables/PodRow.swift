/// What `get pods` says about one Pod.
public struct PodRow: Hashable, Sendable {
    /// The Pod's namespace.
    public let namespace: String
    /// The Pod's name.
    public let name: String
    /// Containers that are ready, and all that should be.
    public let ready: Int, containers: Int
    /// The word under STATUS, for example `Running` or `CrashLoopBackOff`.
    public let status: String
    /// Restarts of all containers together.
    public let restarts: Int
    /// Time since the last restart; nil when there was none or it is not known.
    public let lastRestart: Duration?
    /// Time since the Pod was created; nil when it is not known.
    public let age: Duration?
    /// The Pod's IPv4 address; nil as long as it has none.
    public let address: String?
    /// The node's name; nil as long as no node took the Pod.
    public let node: String?
    /// The Pod's labels.
    public let labels: [String: String]

    /// A row of plain values.
    public init(
        namespace: String, name: String, ready: Int, containers: Int, status: String, restarts: Int,
        lastRestart: Duration? = nil, age: Duration?, address: String? = nil, node: String? = nil,
        labels: [String: String] = [:]
    ) {
        self.namespace = namespace
        self.name = name
        self.ready = ready
        self.containers = containers
        self.status = status
        self.restarts = restarts
        self.lastRestart = lastRestart
        self.age = age
        self.address = address
        self.node = node
        self.labels = labels
    }

    var restartText: String {
        guard restarts > 0, let lastRestart else { return "\(restarts)" }
        return "\(restarts) (\(Age(lastRestart)) ago)"
    }

    /// As kubectl writes labels: `app=web,tier=front`.
    var labelText: String { labels.labelText }
}
