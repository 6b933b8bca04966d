import Cgroups
import Manifests
import PodModel

extension NodeRuntime {
    /// Gives a running container the cpu and memory that the accepted Pod says, without a restart.
    func resizeContainer(_ uid: PodUID, _ name: String, _ id: ContainerID) async throws -> ActionDetail {
        let record = try records.known(uid)
        let limits = PodLimits(record.accepted.pod, processes: podPidsLimit)
        guard let wanted = limits.containers[name], let container = record.containers[name], container.id == id,
            container.lastExit == nil
        else { return ActionDetail() }
        let group = AttemptFiles.cgroup(of: name, attempt: container.attempt)
        let missing: Set<Controller>
        do {
            missing = try await onOwnThread { [cgroups] in
                try cgroups.resize(pod: uid.text, container: group, to: wanted, ofPod: limits.pod)
            }
        } catch CgroupError.limitBelowUse(_, let limit, let used) {
            throw ActionFailure(
                reason: "ResizeError",
                message: "container \(name) uses \(Bytes(Int(clamping: used))) of memory, more than the new limit of "
                    + "\(Bytes(Int(clamping: limit))): it keeps its old one until it uses less or is started anew")
        } catch {
            throw ActionFailure(reason: "ResizeError", message: "container \(name) keeps its old limits: \(error)")
        }
        tierShares.refresh()
        let written = record.accepted.written(container: name)
        try await records.change(uid) { record in
            guard record.containers[name]?.id == id, let written else { return }
            record.containers[name]?.noteResources(of: written)
        }
        return ActionDetail(missing.sentence(about: "container \(name)") ?? "cpu and memory changed")
    }
}
