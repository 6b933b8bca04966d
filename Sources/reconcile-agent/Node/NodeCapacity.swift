import Glibc
import Linux
import Manifests
import NodeRuntime
import PodModel
import Reconciler

/// What was said about how much of the machine Pods may request.
struct NodeCapacity: Hashable, Sendable, Codable {
    /// What was named with `--system-reserved`.
    var systemReserved = NodeReserve()
    /// What was named with `--kube-reserved`.
    var kubeReserved = NodeReserve()
    /// What was named with `--max-pods`.
    var maxPods = NodeAllocatable.defaultPods
    /// What was named with `--pod-max-pids`.
    var podMaxPids = 4096
    /// What the agent was told last with `--eviction-hard`; nil for the kubelet's thresholds.
    var evictionHard: String?

    /// What Pods together may request of this machine: what it has, without what is reserved and without what is to be
    /// left by the thresholds of eviction (kubelet: node allocatable).
    func allocatable(in paths: NodePaths) -> NodeAllocatable {
        let capacity = capacity(in: paths)
        // Checked when it was said.
        let thresholds = evictionHard.map { (try? EvictionThresholds(parsing: $0)) ?? .kubelet } ?? .kubelet
        return capacity.reserving(systemReserved.amounts).reserving(kubeReserved.amounts)
            .reserving(thresholds.reservation(of: capacity))
    }

    /// What this machine has, whose disk is that of the state directory.
    func capacity(in paths: NodePaths) -> NodeAllocatable {
        NodeAllocatable(
            cpu: MilliCPU(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 1000),
            memory: Bytes(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))),
            ephemeralStorage: Bytes(Self.size(ofDiskWith: paths.stateDirectory)), pods: maxPods)
    }

    /// Bytes of the disk that a directory is on, or will be once it is made; what cannot be looked at bounds nothing.
    private static func size(ofDiskWith directory: String) -> Int {
        var path = directory[...]
        var disk = statvfs()
        while statvfs(path.isEmpty ? "/" : String(path), &disk) != 0 {
            guard errno == ENOENT, let slash = path.lastIndex(of: "/") else { return .max }
            path = path[..<slash]
        }
        return Int(clamping: UInt64(disk.f_blocks) * UInt64(disk.f_frsize))
    }
}

/// Amounts that Pods may not request, as the kubelet's `--system-reserved` has them: `cpu=500m,memory=1Gi`.
struct NodeReserve: Hashable, Sendable, Codable {
    private var cpu: MilliCPU?
    private var memory: Bytes?
    private var ephemeralStorage: Bytes?

    /// Nothing.
    init() {}

    /// - Throws: `CommandFailure` (usage) when the text is no list of amounts.
    init(_ text: String, option: String) throws {
        for part in text.split(separator: ",") {
            let words = part.split(separator: "=", maxSplits: 1).map { $0.trimming { $0 == " " } }
            guard words.count == 2, let amount = try? Quantity(words[1]), amount >= Quantity(0),
                take(amount, of: words[0])
            else {
                throw CommandFailure(
                    .usage, "--\(option) '\(text)': '\(part)' is no amount of a resource",
                    hint: "write cpu=500m,memory=1Gi,ephemeral-storage=10Gi, or some of them")
            }
        }
    }

    private mutating func take(_ amount: Quantity, of resource: Substring) -> Bool {
        switch resource {
        case "cpu": cpu = MilliCPU(amount)
        case "memory": memory = Bytes(amount)
        case "ephemeral-storage": ephemeralStorage = Bytes(amount)
        default: return false
        }
        return true
    }

    var amounts: ResourceList { ResourceList(cpu: cpu, memory: memory, ephemeralStorage: ephemeralStorage) }
}

extension Substring {
    fileprivate func trimming(_ isDropped: (Character) -> Bool) -> Substring {
        var rest = drop(while: isDropped)
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}

extension NodeIdentity {
    /// What Pods can ask of this node, its room included.
    func profile(under policy: NodePolicy, in paths: NodePaths) -> NodeProfile {
        var profile = profile(under: policy)
        profile.allocatable = capacity.allocatable(in: paths)
        return profile
    }
}
