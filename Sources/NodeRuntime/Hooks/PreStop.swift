import Logging
import Manifests
import PodModel
import Probes
import SupervisorCore

/// What is done before a container is asked to stop.
extension NodeRuntime {
    /// The least time between stop signal and kill, whatever hooks used up (kubelet).
    private static let leastGrace = Duration.seconds(2)

    /// Carries out the hook of a container that runs, within its grace.
    ///
    /// - Returns: what is left of the grace: whole seconds are taken off.
    /// - Throws: `CancellationError`: the container was asked for nothing yet, and the next agent begins anew.
    func runPreStop(_ uid: PodUID, _ name: String, _ id: ContainerID, grace: Duration) async throws -> Duration {
        guard let record = records.record(of: uid), let container = record.accepted.pod.spec.container(name),
            let hook = container.lifecycle?.preStop, let probed = ProbedContainer(container, of: record),
            probed.id == id, await isRunning(id, uid)
        else { return grace }
        let begun = BootTime.now()
        let end = reports.end(of: id, in: uid)
        switch try await hooks.run(hook, of: probed, in: container, within: grace, orUntil: end) {
        case .failed(let reason)?:
            log.warning(
                "preStop hook failed", metadata: ["pod": "\(uid)", "container": "\(name)", "error": "\(reason)"])
            tell(.warning, "FailedPreStopHook", "PreStopHook failed", uid, name)
        case .fellBack?: tellFallback(uid, name)
        case .done?, nil: break
        }
        let elapsed = Duration.seconds((BootTime.now() - begun).components.seconds)
        return max(grace - elapsed, Self.leastGrace)
    }

    private func isRunning(_ id: ContainerID, _ uid: PodUID) async -> Bool {
        let state = try? await connections.ask(uid) { try await $0.currentState() }
        let entry = state.flatMap { $0 }?.first { $0.id.elementsEqual(id.text.utf8) }
        return entry.map { $0.phase == .running } ?? false
    }
}
