import Logging
import Manifests
import PodModel
import Probes
import SupervisorCore

/// What is done before a container is asked to stop.
extension NodeRuntime {
    /// Carries out the hook of a container that runs, within its grace.
    ///
    /// - Returns: what is left of the grace: whole seconds are taken off.
    /// - Throws: `SupervisorError` when the supervisor does not answer; `CancellationError`: the container was asked for nothing
    ///   yet, and the next agent begins anew.
    func runPreStop(_ uid: PodUID, _ name: String, _ id: ContainerID, grace: Duration) async throws -> Duration {
        guard let record = records.record(of: uid), let container = record.accepted.pod.spec.container(name),
            let hook = container.lifecycle?.preStop, let probed = ProbedContainer(container, of: record),
            probed.id == id, try await isUnasked(id, of: uid)
        else { return grace }
        let begun = BootTime.now()
        let end = reports.end(of: id, in: uid)
        switch try await hooks.run(hook, of: probed, in: record.accepted, within: grace, orUntil: end) {
        case .failed(let reason)?:
            log.warning(
                "preStop hook failed", metadata: ["pod": "\(uid)", "container": "\(name)", "error": "\(reason)"])
            tell(.warning, "FailedPreStopHook", "PreStopHook failed", uid, name)
        case .fellBack?: tellFallback(uid, name)
        case .done?, nil: break
        }
        return max(.zero, grace - BootTime.now().wholeSeconds(since: begun))
    }

    /// Whether a container runs and has not been asked to stop: its hook was before that.
    private func isUnasked(_ id: ContainerID, of uid: PodUID) async throws -> Bool {
        try await containerEntries(of: uid).contains { $0.instance == id && $0.phase == .running }
    }
}
