import Cgroups
import Glibc
import Linux
import PodModel
import PodNetwork

/// What Pods and the node have used, read from the kernel when somebody asks: nothing is polled or kept.
extension NodeView {
    /// What the running containers of these Pods have used so far.
    ///
    /// - Parameter parent: the cgroup that the node's Pods live below.
    /// - Throws: when the kernel cannot be asked. A Pod that ended meanwhile is left out.
    public func readings(of pods: [ObservedPod], below parent: String) async throws -> [PodUID: PodReading] {
        let paths = paths
        return try await onOwnThread {
            guard let instance = try text(of: "\(paths.stateDirectory)/instance") else { return [:] }
            let cgroups = try CgroupTree.detect(parent: parent, instance: instance)
            let traffic = try PodTraffic.all(of: instance, host: NetlinkSocket())
            return try pods.reduce(into: [:]) { readings, pod in
                let containers = try UsageReading.all(of: pod, in: cgroups)
                if containers.isEmpty { return }
                readings[pod.uid] = PodReading(
                    containers: containers, network: traffic[pod.uid.text].map(NetworkUsage.init))
            }
        }
    }
}

extension UsageReading {
    /// Of each container whose process lives, by name.
    static func all(of pod: ObservedPod, in cgroups: CgroupTree) throws -> [String: UsageReading] {
        try pod.containers.reduce(into: [:]) { readings, entry in
            guard case .running(let id, _) = entry.value, let record = pod.record.containers[entry.key] else { return }
            let group = AttemptFiles.cgroup(of: entry.key, attempt: record.attempt)
            guard let usage = try cgroups.usage(pod: pod.uid.text, container: group) else { return }
            readings[entry.key] = UsageReading(
                instance: id.text, at: .now(), cpu: usage.cpuNanoseconds.map { .nanoseconds(Int64(clamping: $0)) },
                workingSet: usage.workingSet.map { Int(clamping: $0) },
                processes: usage.processes.map { Int(clamping: $0) })
        }
    }
}

extension NetworkUsage {
    fileprivate init(_ traffic: PodTraffic) {
        self.init(received: Int(clamping: traffic.received), sent: Int(clamping: traffic.sent))
    }
}

extension NodeReading {
    /// This machine, now. Reads two small files of the kernel's.
    public static func now() throws -> NodeReading {
        let reading = NodeReading(
            stat: try text(of: "/proc/stat") ?? "", meminfo: try text(of: "/proc/meminfo") ?? "",
            ticks: sysconf(Int32(_SC_CLK_TCK)), at: .now())
        guard let reading else { throw SystemError("understand", "/proc/stat and /proc/meminfo", code: EINVAL) }
        return reading
    }
}
