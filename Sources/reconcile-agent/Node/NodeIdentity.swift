import Foundation
import Manifests
import PodModel

/// What a node is called and uses of the machine, kept in `<state-dir>/node.json`: so that `get`, `exec` and `down` need
/// not be told again what `reconcile` was told.
struct NodeIdentity: Hashable, Sendable, Codable {
    let nodeName: String
    let podCIDR: String
    let bridge: String
    let cgroupParent: String
    let runDirectory: String
    let logDirectory: String
    /// What was named with `--node-label`.
    var labels: [String: String] = [:]
    /// What was named with `--node-taint`.
    var taints: [Taint] = []
    /// What was named with `--allow-host-path`.
    var hostPaths: [String] = []
    /// What was named with `--policy`; nil for the standard place.
    var policyFile: String?
    /// What of the machine Pods may request.
    var capacity = NodeCapacity()
    /// What was said with `--masquerade`.
    var masquerades = true
    /// What was said with `--ip-forward`.
    var forwards = true

    /// The options by which `self` would use the machine otherwise than `before` did, each with both values.
    ///
    /// Pods that live were made with what `before` says: under other options they would be lost sight of.
    func changes(since before: NodeIdentity) -> [(option: String, before: String, now: String)] {
        [
            ("--run-dir", before.runDirectory, runDirectory), ("--log-dir", before.logDirectory, logDirectory),
            ("--cgroup-parent", before.cgroupParent, cgroupParent), ("--bridge", before.bridge, bridge),
            ("--pod-cidr", before.podCIDR, podCIDR),
        ].filter { $0.1 != $0.2 }.map { (option: $0.0, before: $0.1, now: $0.2) }
    }

    /// Reads what the last `reconcile` stored; nil when none ever ran with this state directory.
    static func load(below state: String) throws -> NodeIdentity? {
        try file(below: state).read().map { try JSONDecoder().decode(NodeIdentity.self, from: Data($0)) }
    }

    /// Stores it, when it is not what is stored already.
    func save(below state: String) throws {
        if try Self.load(below: state) == self { return }
        try Self.file(below: state).write(Array(try JSONEncoder().encode(self)))
    }

    /// Forgets it, as if no `reconcile` had ever run.
    static func erase(below state: String) throws { try file(below: state).remove() }

    private static func file(below state: String) -> StateFile { StateFile(directory: state, name: "node.json") }
}

extension NodeIdentity {
    /// Reads an identity; what an older release did not know is empty.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        nodeName = try fields.decode(String.self, forKey: .nodeName)
        podCIDR = try fields.decode(String.self, forKey: .podCIDR)
        bridge = try fields.decode(String.self, forKey: .bridge)
        cgroupParent = try fields.decode(String.self, forKey: .cgroupParent)
        runDirectory = try fields.decode(String.self, forKey: .runDirectory)
        logDirectory = try fields.decode(String.self, forKey: .logDirectory)
        labels = try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        taints = try fields.decodeIfPresent([Taint].self, forKey: .taints) ?? []
        hostPaths = try fields.decodeIfPresent([String].self, forKey: .hostPaths) ?? []
        policyFile = try fields.decodeIfPresent(String.self, forKey: .policyFile)
        capacity = try fields.decodeIfPresent(NodeCapacity.self, forKey: .capacity) ?? NodeCapacity()
        masquerades = try fields.decodeIfPresent(Bool.self, forKey: .masquerades) ?? true
        forwards = try fields.decodeIfPresent(Bool.self, forKey: .forwards) ?? true
    }

    /// What Pods can ask of this node: its name, its labels with those that every node has (kubelet), its taints, and
    /// what the policy allows.
    ///
    /// - Throws: `CommandFailure` (usage) when there is something wrong with the policy's file.
    func profile() throws -> NodeProfile { profile(under: try policy()) }

    /// The same under a policy that was read already.
    func profile(under policy: NodePolicy) -> NodeProfile {
        Self.profile(named: nodeName, labels: labels, taints: taints, policy: policy)
    }

    /// What Pods may ask of the node: the policy's file, and what `--allow-host-path` adds to it.
    ///
    /// - Throws: `CommandFailure` (usage) when there is something wrong with the file.
    func policy() throws -> NodePolicy {
        var policy = try NodePolicy.load(policyFile)
        if !hostPaths.isEmpty {
            let paths = hostPaths.map { HostPathAllowance(path: $0) }
            policy.rules.append(
                PolicyRule(name: "--allow-host-path", namespaces: ["*"], allow: Allowance(hostPaths: paths)))
        }
        return policy
    }

    /// The same of a node that goes by this name.
    static func profile(
        named name: String, labels: [String: String] = [:], taints: [Taint] = [], policy: NodePolicy = .everything
    )
        -> NodeProfile
    {
        let standard = [
            "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": architecture,
        ]
        return NodeProfile(name: name, labels: standard.merging(labels) { $1 }, taints: taints, policy: policy)
    }

    /// As Kubernetes (and Go) names it.
    private static var architecture: String {
        #if arch(x86_64)
        "amd64"
        #elseif arch(arm64)
        "arm64"
        #else
        "unknown"
        #endif
    }
}
