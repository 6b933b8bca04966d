import Manifests
import PodModel

extension AcceptedSlice {
    /// The same slice, with another identity for each Pod that has ended for good and is asked for something else since: it
    /// runs again, as a new Pod in place of the old one. Nil when there is none.
    ///
    /// - Parameters:
    ///   - observed: what is there.
    ///   - newUID: called once for each.
    public func renewing(
        among observed: [ObservedPod], at now: WallTime, newUID: () -> PodUID
    ) -> AcceptedSlice? {
        let present = Dictionary(observed.map { ($0.uid, $0) }, uniquingKeysWith: { first, _ in first })
        var isChanged = false
        let configuration = ConfigurationObjects(objects)
        let pods = pods.map { pod -> AcceptedPod in
            guard present[pod.uid]?.hasEnded(before: pod) == true else { return pod }
            isChanged = true
            let uid = newUID()
            return pod.renewed(as: uid, at: now).taking(SourceDigests(of: pod.pod, uid, from: configuration))
        }
        guard isChanged else { return nil }
        return AcceptedSlice(
            revision: revision, commit: commit, acceptedAt: acceptedAt, pods: pods, objects: objects,
            applications: applications, unread: unread)
    }
}

extension ObservedPod {
    /// Whether the Pod has ended for good, and what it is asked for now never ran.
    ///
    /// What counts is what its author wrote of its spec: labels and annotations do not, nor what it takes from ConfigMaps
    /// and Secrets. What has ended as it is asked for stays ended, whoever looks.
    func hasEnded(before pod: AcceptedPod) -> Bool {
        guard record.deletion == nil, record.finalPhase != nil || hasRunOut else { return false }
        if Pod.changes(from: record.accepted.written, to: pod.written).contains(where: { $0.impact > .none }) {
            return true
        }
        // A restart for what was taken over just then, which the Pod's end came before. A resize it came before would have
        // changed nothing of how it ended.
        return pod.pod.spec.allContainers.contains { container in
            guard let started = record.containers[container.name]?.definition,
                let wanted = pod.written(container: container.name)
            else { return false }
            return FieldChanges(from: .pod(of: started), to: .pod(of: wanted)).impact ?? .none >= .restartContainer
        }
    }

    /// Whether it has ended for good though nobody wrote that down yet: no agent was there, or it is about to.
    private var hasRunOut: Bool {
        let spec = record.accepted.pod.spec
        func end(of container: Container) -> ContainerExit? {
            switch containers[container.name] {
            case .running: return nil
            case .exited(let exit): return exit
            case nil:
                let known = record.containers[container.name]
                return known?.lastExit?.id == known?.id ? known?.lastExit : nil
            }
        }
        func isOver(_ container: Container) -> Bool {
            guard let exit = end(of: container), !record.isRedefined(container.name) else { return false }
            return !record.restarts(container.name, after: exit)
        }
        let isInVain = spec.initContainers.contains { container in
            !container.isSidecar && isOver(container) && end(of: container)?.code != 0
        }
        return isInVain || (!spec.containers.isEmpty && spec.containers.allSatisfy(isOver))
    }
}
