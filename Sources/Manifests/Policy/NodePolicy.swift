/// What manifests may ask of the node beyond what every Pod may: a file of the administrator's. What no rule allows is
/// refused.
///
/// Whoever can push to the followed repository decides what runs; this decides how much of the node that reaches.
public struct NodePolicy: Sendable, Hashable {
    /// What is allowed, and to whom; one rule that allows something is enough.
    public var rules: [PolicyRule]

    /// A policy; without rules it allows nothing.
    public init(rules: [PolicyRule] = []) { self.rules = rules }

    /// Where nobody's node is at stake: a check of manifests for no node in particular.
    public static let everything = NodePolicy(rules: [
        PolicyRule(
            name: "everything", namespaces: ["*"],
            allow: Allowance(
                privileged: true, hostNetwork: true, hostPID: true, hostIPC: true, capabilities: [.all], sysctls: ["*"],
                hostPaths: [HostPathAllowance(path: "/")], hostPorts: [PortRange(1...65535)]))
    ])

    /// The rules that are for a namespace.
    public func rules(for namespace: String) -> [PolicyRule] {
        rules.filter { $0.namespaces.contains("*") || $0.namespaces.contains(namespace) }
    }
}

/// What is allowed to the Pods of some namespaces.
public struct PolicyRule: Sendable, Hashable {
    /// What it is called when it is spoken of.
    public var name: String
    /// The namespaces it is for; `*` is every one.
    public var namespaces: [String]
    /// What their Pods may ask for.
    public var allow: Allowance

    /// A rule.
    public init(name: String, namespaces: [String], allow: Allowance) {
        self.name = name
        self.namespaces = namespaces
        self.allow = allow
    }
}

/// What of the node Pods may have.
public struct Allowance: Sendable, Hashable {
    /// Containers with all rights of the node's root.
    public var privileged: Bool
    /// The node's network instead of one of their own.
    public var hostNetwork: Bool
    /// Sight of the node's processes.
    public var hostPID: Bool
    /// The node's shared memory.
    public var hostIPC: Bool
    /// Capabilities beyond the usual ones.
    public var capabilities: [CapabilityChoice]
    /// Kernel parameters beyond the safe ones, by name; one that ends in `*` stands for all that begin so.
    public var sysctls: [String]
    /// Directories of the node's, each with all below it.
    public var hostPaths: [HostPathAllowance]
    /// Ports of the node below 1024; those above are everybody's.
    public var hostPorts: [PortRange]

    /// What is allowed; by default nothing.
    public init(
        privileged: Bool = false, hostNetwork: Bool = false, hostPID: Bool = false, hostIPC: Bool = false,
        capabilities: [CapabilityChoice] = [], sysctls: [String] = [], hostPaths: [HostPathAllowance] = [],
        hostPorts: [PortRange] = []
    ) {
        self.privileged = privileged
        self.hostNetwork = hostNetwork
        self.hostPID = hostPID
        self.hostIPC = hostIPC
        self.capabilities = capabilities
        self.sysctls = sysctls
        self.hostPaths = hostPaths
        self.hostPorts = hostPorts
    }

    /// Whether a port of the node is among them, or needs not be: from 1024 on any user of the node may listen.
    public func allows(hostPort number: Int) -> Bool {
        number >= 1024 || hostPorts.contains { $0.numbers.contains(number) }
    }

    /// Whether a kernel parameter is among them.
    public func allows(sysctl name: String) -> Bool {
        sysctls.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : $0 == name }
    }

    /// Whether a path of the node's is among them, or below one of them.
    public func allows(hostPath path: String, readOnly: Bool) -> Bool {
        hostPaths.contains { ($0.readOnly ? readOnly : true) && $0.holds(path) }
    }
}

/// A directory of the node's that Pods may mount, with all below it.
public struct HostPathAllowance: Sendable, Hashable {
    /// Absolute.
    public var path: String
    /// Whether it may only be read.
    public var readOnly: Bool

    /// A directory.
    public init(path: String, readOnly: Bool = false) {
        self.path = path
        self.readOnly = readOnly
    }

    /// Whether a path is the directory or below it, by components; one with `..` in it is below nothing.
    public func holds(_ other: String) -> Bool {
        let (own, others) = (Self.components(of: path), Self.components(of: other))
        return other.hasPrefix("/") && !others.contains("..") && others.starts(with: own)
    }

    /// What a path is made of, without doubled slashes and dots.
    public static func components(of path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }
    }
}

/// Ports of the node, from one number to another.
public struct PortRange: Sendable, Hashable {
    /// Their numbers.
    public var numbers: ClosedRange<Int>

    /// Ports.
    public init(_ numbers: ClosedRange<Int>) { self.numbers = numbers }

    /// Reads `80`, or `80-90`; nil for what is no port, or no range of them.
    public init?(_ text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil,
            (1...65535).contains(first), (first...65535).contains(last)
        else { return nil }
        numbers = first...last
    }
}
