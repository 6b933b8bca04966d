import Manifests
import PodModel
import Probes

/// What is done right after a container has started.
extension NodeRuntime {
    /// Carries out the hook of an attempt, unless it is over. Given up when the container ends or its Pod is to end.
    func runPostStart(_ uid: PodUID, _ name: String, attempt: Int) async throws -> ActionDetail {
        let record = try records.known(uid)
        guard let container = record.accepted.pod.spec.container(name), let hook = container.lifecycle?.postStart,
            let newest = record.containers[name], newest.attempt == attempt, newest.postStart?.id != newest.id,
            let probed = ProbedContainer(container, of: record)
        else { return ActionDetail() }
        let ends = reports.end(of: probed.id, in: uid, orHooks: true)
        let outcome = try await hooks.run(
            hook, of: probed, in: container, within: LifecycleHooks.unlimited, orUntil: ends)
        switch outcome {
        case nil: return ActionDetail("given up: the container is to end")
        case .done?, .fellBack?:
            if outcome == .fellBack { tellFallback(uid, name) }
            try await records.change(uid) { $0.containers[name]?.notePostStart(.done(probed.id)) }
            return ActionDetail()
        case .failed(let reason)?:
            try await records.change(uid) { record in
                record.containers[name]?.notePostStart(.failed(probed.id))
                record.containers[name]?.waiting = WaitingReason(reason: "PostStartHookError", message: reason)
            }
            tell(.warning, "FailedPostStartHook", "PostStartHook failed", uid, name)
            return ActionDetail(reason)
        }
    }

    func tellFallback(_ uid: PodUID, _ name: String) {
        tell(
            .normal, "LifecycleHTTPFallback",
            "request to HTTPS lifecycle hook got HTTP response, retry with HTTP succeeded", uid, name)
    }

    func tell(_ type: PodEvent.EventType, _ reason: String, _ message: String, _ uid: PodUID, _ name: String) {
        guard let pod = records.record(of: uid)?.accepted else { return }
        reports.tell(
            PodEvent(
                pod: pod.name, uid: uid, container: name, isOfInit: pod.pod.spec.hasInit(name), type: type,
                reason: reason, message: message, at: .now()))
    }
}

extension LifecycleHooks {
    /// Carries out a hook as long as nothing ends it.
    ///
    /// - Returns: nil when `end` came first.
    /// - Throws: `CancellationError`, which ends both and lets neither count.
    func run(
        _ handler: LifecycleHandler, of container: ProbedContainer, in spec: Container, within limit: Duration,
        orUntil end: AsyncStream<Never>
    ) async throws -> Outcome? {
        try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask { try await run(handler, of: container, in: spec, within: limit) }
            group.addTask {
                for await _ in end {}
                return nil
            }
            defer { group.cancelAll() }
            let first = try await group.next() ?? nil
            try Task.checkCancellation()
            return first
        }
    }
}

extension ContainerRecord {
    /// Notes what came of the hook of an instance, if it is still the newest.
    fileprivate mutating func notePostStart(_ hook: PostStartHook) { if id == hook.id { postStart = hook } }
}
