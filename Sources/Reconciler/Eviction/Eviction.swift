import Manifests
import PodModel

/// That a Pod has to go although it is wanted, and why, in the kubelet's words (kubernetes `pkg/kubelet/eviction`).
public enum Eviction {
    /// `status.reason` of a Pod that was evicted.
    public static let reason = "Evicted"
    /// What its containers get between the stop signal and the kill.
    static let grace = Duration.seconds(1)

    /// How what is said about a Pod begins that makes way for its node.
    private static let forNode = "The node was low on resource: "

    /// Whether a Pod made way because its node was short of something, not because it exceeded a limit of its own.
    static func isForNode(_ why: WaitingReason) -> Bool { why.reason == reason && why.message.hasPrefix(forNode) }

    /// What is written down about a Pod that has to go.
    static func because(_ message: String) -> WaitingReason { WaitingReason(reason: reason, message: message) }

    /// A Pod that makes way because the node is short of something.
    static func message(of candidate: EvictionCandidate, for threshold: MetThreshold) -> String {
        let resource = threshold.signal.resource
        let head =
            "\(forNode)\(resource). Threshold quantity: \(threshold.amount(threshold.least)), "
            + "available: \(threshold.amount(threshold.available)). "
        if resource == "inodes" { return head }
        let containers = candidate.record.accepted.pod.spec.allContainers.compactMap { container -> String? in
            let requests = container.resources.requests
            let request = resource == "memory" ? requests.memory : requests.ephemeralStorage
            guard let used = candidate.usage[container.name], used > request?.count ?? 0 else { return nil }
            return "Container \(container.name) was using \(Bytes(used)), request is \(request ?? Bytes(0)), "
                + "has larger consumption of \(resource). "
        }
        return head + containers.joined()
    }
}

extension Pod {
    /// The limit of what it may keep on the disk that it exceeds, in the kubelet's words; nil when it keeps them all.
    func exceededLimit(_ use: PodDiskUse) -> String? {
        for volume in spec.volumes {
            guard let limit = volume.emptyDir?.diskLimit, let used = use.volumes[volume.name] else { continue }
            if used.bytes > limit.count {
                return "Usage of EmptyDir volume \"\(volume.name)\" exceeds the limit \"\(limit)\". "
            }
        }
        if let total = spec.totalStorageLimit, use.total.bytes > total.count {
            return "Pod ephemeral local storage usage exceeds the total limit of containers \(total). "
        }
        for container in spec.allContainers {
            guard let limit = container.resources.limits.ephemeralStorage, limit.count > 0,
                let used = use.containers[container.name], used.bytes > limit.count
            else { continue }
            return "Container \(container.name) exceeded its local ephemeral storage limit \"\(limit)\". "
        }
        return nil
    }
}

extension PodSpec {
    /// What all of it may keep on the disk: what its containers may together at any time, and its overhead. Nil where no
    /// container has a limit; one without a limit adds nothing (k8s.io/component-helpers/resource `PodLimits`).
    var totalStorageLimit: Bytes? {
        let limited = allContainers.compactMap(\.resources.limits.ephemeralStorage)
        guard !limited.isEmpty else { return nil }
        let most = peak { $0.limits.ephemeralStorage?.count ?? 0 }
        let (sum, isTooMuch) = most.addingReportingOverflow(most > 0 ? overhead.ephemeralStorage?.count ?? 0 : 0)
        // As somebody wrote it, if that is all.
        return limited.first { $0.count == sum } ?? Bytes(isTooMuch ? .max : sum)
    }
}
