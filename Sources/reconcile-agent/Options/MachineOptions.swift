import ArgumentParser
import Glibc
import NodeRuntime
import PodModel

/// What the node uses of the machine.
struct MachineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("This node's name. (default: the host's name)", valueName: "name"))
    var nodeName: String?

    @Option(
        help: ArgumentHelp(
            "A label that Pods may select, once for each. (default: as before)", valueName: "key=value"))
    var nodeLabel: [String] = []

    @Option(
        help: ArgumentHelp(
            "A taint that Pods must tolerate, once for each. (default: as before)", valueName: "key=value:effect"))
    var nodeTaint: [String] = []

    @Option(
        help: ArgumentHelp(
            "A path that Pods may mount, with all below it, once for each. (default: as before, at first none)",
            valueName: "path"))
    var allowHostPath: [String] = []

    @Option(
        help: ArgumentHelp(
            "What Pods may ask of the node. (default: as before, else /etc/reconcile-agent/policy.yaml)",
            valueName: "file"))
    var policy: String?

    @Option(
        help: ArgumentHelp(
            "What Pods may not request, for what else the machine does. (default: as before, at first none)",
            valueName: "cpu=n,memory=n"))
    var systemReserved: String?

    @Option(
        help: ArgumentHelp(
            "The same, for the agent itself. (default: as before, at first none)", valueName: "cpu=n,memory=n"))
    var kubeReserved: String?

    @Option(help: ArgumentHelp("How many Pods the node takes. (default: as before, at first 110)", valueName: "n"))
    var maxPods: Int?

    @Option(
        help: ArgumentHelp(
            "How many processes a Pod may have. (default: as before, at first 4096)", valueName: "n"))
    var podMaxPids: Int?

    @Option(help: ArgumentHelp("Addresses for Pods. (default: 10.88.0.0/16)", valueName: "cidr"))
    var podCidr: String?

    @Option(help: ArgumentHelp("The link between Pods. (default: reconcile0)", valueName: "link"))
    var bridge: String?

    @Option(
        help: ArgumentHelp(
            "Whether Pods reach beyond the node in its name. (default: as before, at first true)",
            valueName: "true|false"))
    var masquerade: Bool?

    @Option(
        help: ArgumentHelp(
            "Whether net.ipv4.ip_forward may be turned on. (default: as before, at first true)",
            valueName: "true|false"))
    var ipForward: Bool?

    @Option(
        help: ArgumentHelp(
            "Pods' part of the cgroup tree, made if need be. (default: reconcile-agent)", valueName: "name"))
    var cgroupParent: String?

    /// All of it: as given, else as this node had it before, else the defaults.
    func resolved(in paths: NodePaths, before: NodeIdentity?) throws -> NodeIdentity {
        NodeIdentity(
            nodeName: try setting(nodeName, "node-name", default: before?.nodeName ?? hostName()),
            podCIDR: try setting(podCidr, "pod-cidr", default: before?.podCIDR ?? "10.88.0.0/16"),
            bridge: try setting(bridge, "bridge", default: before?.bridge ?? "reconcile0"),
            cgroupParent: try setting(
                cgroupParent, "cgroup-parent", default: before?.cgroupParent ?? "reconcile-agent"),
            runDirectory: paths.runDirectory, logDirectory: paths.logDirectory,
            labels: try settings(nodeLabel, "node-label").map(labels(from:)) ?? before?.labels ?? [:],
            taints: try settings(nodeTaint, "node-taint").map(taints(from:)) ?? before?.taints ?? [],
            hostPaths: try settings(allowHostPath, "allow-host-path") ?? before?.hostPaths ?? [],
            policyFile: try setting(policy, "policy").map { try absolutePath($0) } ?? before?.policyFile,
            capacity: NodeCapacity(
                systemReserved: try setting(systemReserved, "system-reserved").map {
                    try NodeReserve($0, option: "system-reserved")
                } ?? before?.capacity.systemReserved ?? NodeReserve(),
                kubeReserved: try setting(kubeReserved, "kube-reserved").map {
                    try NodeReserve($0, option: "kube-reserved")
                } ?? before?.capacity.kubeReserved ?? NodeReserve(),
                maxPods: try count(setting(maxPods, "max-pods"), "max-pods", least: 0) ?? before?.capacity.maxPods
                    ?? NodeAllocatable.defaultPods,
                podMaxPids: try count(setting(podMaxPids, "pod-max-pids"), "pod-max-pids", least: 1)
                    ?? before?.capacity.podMaxPids ?? NodeCapacity().podMaxPids,
                evictionHard: before?.capacity.evictionHard),
            masquerades: try setting(masquerade, "masquerade", default: before?.masquerades ?? true),
            forwards: try setting(ipForward, "ip-forward", default: before?.forwards ?? true))
    }
}

/// A number of things, if anybody says it.
private func count(_ number: Int?, _ option: String, least: Int) throws -> Int? {
    guard let number, number < least else { return number }
    throw CommandFailure(.usage, "--\(option) \(number) is less than \(least)", hint: "leave it out, or see --help")
}

/// The machine's host name up to its first dot, in lower case (kubelet).
func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
    guard gethostname(&buffer, buffer.count) == 0 else { return "localhost" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return String(name.prefix { $0 != "." }).lowercased()
}
