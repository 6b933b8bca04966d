import Cgroups
import ImageStore
import Linux
import Logging
import Manifests
import PodModel
import SupervisorCore

/// Stopping a container, and writing down how it ended.
extension NodeRuntime {
    /// How much longer than its grace a stop may take: the kernel may be slow to end a process that was killed.
    private static let killPatience = Duration.seconds(30)

    func stopContainer(
        _ uid: PodUID, _ name: String, _ id: ContainerID, grace: Duration, reason: String
    ) async throws -> ActionDetail {
        let signal = stopSignal(of: name, uid)
        let grace = try await runPreStop(uid, name, id, grace: grace)
        let end = reports.end(of: id, in: uid)
        let hasEnded = try await connections.ask(uid) { supervisor in
            do {
                try await supervisor.stop(container: id.text, signal: signal, grace: grace)
            } catch SupervisorError.failed(let failure) where failure.stage == RequestFailure.unknownTarget {
                return true
            }
            let entry = try await supervisor.currentState().first { $0.id.elementsEqual(id.text.utf8) }
            return entry.map { $0.phase == .exited } ?? true
        }
        // No supervisor: its death is the end of its containers.
        if hasEnded == false { try await wait(for: end, within: grace + Self.killPatience, name) }
        return ActionDetail(reason)
    }

    private func wait(for end: AsyncStream<Never>, within limit: Duration, _ name: String) async throws {
        let isInTime = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in end {}
                try Task.checkCancellation()
                return true
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        guard !isInTime else { return }
        throw ActionFailure(
            reason: "FailedKillContainer",
            message: "container \(name) was killed and does not end: a process of it hangs in the kernel, "
                + "often on a file system that does not answer")
    }

    /// The signal that the manifest wants, else the one that the container's image wants.
    private func stopSignal(of name: String, _ uid: PodUID) -> Int32 {
        let written = records.record(of: uid)?.accepted.pod.spec.container(name)?.lifecycle?.stopSignal
        if let number = written.flatMap(StopSignal.number) { return number }
        guard let text = records.record(of: uid)?.containers[name]?.image,
            let reference = try? ImageReference(parsing: text)
        else { return StopSignal.standard }
        // An image that was removed meanwhile must not keep its containers from being stopped.
        let image = (try? images.image(reference)).flatMap { $0 }
        return image?.config.stopSignal.flatMap(StopSignal.number) ?? StopSignal.standard
    }

    /// An end with what the container left to say; that it cannot be read spoils no end.
    private func withLastWords(_ exit: ContainerExit, of name: String, _ uid: PodUID) async -> ContainerExit {
        guard let record = records.record(of: uid) else { return exit }
        let lastWords = LastWords(paths: paths)
        do {
            return try await onOwnThread { try lastWords.adding(to: exit, of: name, in: record) }
        } catch {
            self.log.warning(
                "termination message cannot be read",
                metadata: ["pod": "\(uid)", "container": "\(name)", "error": "\(error)"])
            return exit
        }
    }

    /// Writes down that a Pod ended for good, and with it how its containers did: after a power cut nobody else would know.
    func finish(_ uid: PodUID, _ phase: PodPhase) async throws -> ActionDetail {
        // Who cannot be asked now tells it later, when the exits are committed.
        let ends = (try? await observe(uid))?.unwrittenEnds ?? [:]
        try await records.change(uid, durably: true) { record in
            for (name, exit) in ends { record.containers[name]?.noteEnd(exit) }
            record.end(in: phase, at: .now())
        }
        probes.endPod(uid)
        return ActionDetail(phase.rawValue)
    }

    /// Written first, acknowledged then; only that lets the supervisor forget.
    func commitExit(_ exit: ContainerExit, of name: String, _ uid: PodUID) async throws -> ActionDetail {
        let exit = await withLastWords(exit, of: name, uid)
        let spec = try records.known(uid).accepted.pod.spec
        let restarts = spec.container(name).map(spec.restartPolicy) == .always
        try await records.change(uid, durably: !restarts) { $0.containers[name]?.noteEnd(exit) }
        // Written first: whoever begins to probe it now looks there afterwards.
        probes.end(exit.id)
        _ = try await connections.ask(uid) { try await $0.acknowledge(container: exit.id.text) }
        if let attempt = records.record(of: uid)?.containers[name]?.attempt {
            let group = AttemptFiles.cgroup(of: name, attempt: attempt)
            inBackground("cgroup \(group)", of: uid) { [cgroups] in
                try cgroups.removeContainer(pod: uid.text, id: group)
            }
        }
        return ActionDetail("exit code \(exit.code)")
    }
}
