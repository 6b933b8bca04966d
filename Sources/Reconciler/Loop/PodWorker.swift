import Logging
import PodModel

/// Drives one Pod to what it should be: one action at a time, until nothing is left, and again when the bell rings.
struct PodWorker: Sendable {
    let uid: PodUID
    let name: PodName
    let bell: Doorbell
    let surroundings: WorkerSurroundings

    /// Works until the Pod is gone or the task is cancelled. A cancelled worker leaves the Pod as it is.
    func run() async {
        var memory = WorkerMemory()
        await withDiscardingTaskGroup { timers in
            for await _ in bell.rings {
                guard let wake = await drive(&memory) else { break }
                if let time = wake.time, memory.needsTimer(at: time, now: surroundings.clock.now().boot) {
                    timers.addTask { await ring(at: time) }
                }
            }
            timers.cancelAll()
        }
    }

    private func ring(at time: BootTime) async {
        // Only cancellation ends the sleep early, and then nobody listens any more.
        try? await surroundings.clock.sleep(until: time)
        bell.ring()
    }

    private struct Wake { let time: BootTime? }

    /// Observes, plans and acts until there is nothing to do; nil once the Pod is gone or the task is cancelled.
    private func drive(_ memory: inout WorkerMemory) async -> Wake? {
        while !Task.isCancelled {
            bell.noteLook()
            if bell.takeForgiveness() { memory.forgive() }
            let begun = surroundings.clock.now().boot
            do {
                guard let pod = try await surroundings.runtime.observe(uid) else {
                    surroundings.report(uid, nil)
                    return nil
                }
                let now = surroundings.clock.now()
                memory.notice(pod, now: now.boot)
                let plan = PodPlan(pod, retries: memory.retries, eviction: bell.eviction, now: now)
                report(pod, plan, begun, now)
                let events = PodEvents(of: pod, along: plan)
                for container in memory.heldBack(BackOffs(in: pod, now: now)) {
                    tell(events.heldBack(container, at: now.wall))
                }
                if plan.actions.isEmpty { return Wake(time: plan.wake) }
                memory.acted(on: pod, plan.actions)
                await carryOut(plan.actions, events, &memory)
            } catch is CancellationError {
                return nil
            } catch {
                surroundings.log.error("pod cannot be observed", metadata: metadata(["error": "\(error)"]))
                return Wake(time: surroundings.clock.now().boot + Retry.base)
            }
        }
        return nil
    }

    private func report(_ pod: ObservedPod, _ plan: PodPlan, _ begun: BootTime, _ now: Moment) {
        let status = PodStatus(pod, nodeName: surroundings.nodeName, now: now)
        surroundings.report(
            uid, PodStanding(status: status, isAtRest: plan.actions.isEmpty, failures: plan.held, seen: begun))
    }

    /// Carries out actions in order; neighbouring stops side by side, for they share one grace period. What a newer plan
    /// may not want any more is left.
    private func carryOut(_ actions: [PodAction], _ events: PodEvents, _ memory: inout WorkerMemory) async {
        var rest = actions[...]
        while let first = rest.first, !Task.isCancelled, !bell.isLookDue {
            let batch =
                first.isStop
                ? rest.prefix(while: \.isStop) : first.isPull ? rest.prefix(while: \.isPull) : rest.prefix(1)
            rest = rest.dropFirst(batch.count)
            var isDone = true
            for (action, outcome) in await perform(batch, events) {
                memory.learn(action, outcome, now: surroundings.clock.now().boot)
                if case .done = outcome { continue }
                isDone = false
            }
            if !isDone { return }
        }
    }

    private func perform(
        _ batch: ArraySlice<PodAction>, _ events: PodEvents
    ) async -> [(PodAction, ActionOutcome)] {
        if batch.count == 1, let action = batch.first { return await performInTurn(action, events) }
        return await withTaskGroup { group in
            for action in batch {
                group.addTask { action.isStop ? await stop(action, events) : await performInTurn(action, events) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Stops one of several containers, and writes down how it ended: it does not wait for its neighbours, which may use
    /// up all of their grace.
    private func stop(_ action: PodAction, _ events: PodEvents) async -> [(PodAction, ActionOutcome)] {
        let outcome = await perform(action, events)
        // What cannot be looked at now is committed after the next look.
        guard case .done = outcome, let pod = try? await surroundings.runtime.observe(uid),
            let commit = pod.uncommittedExits(now: surroundings.clock.now())
                .first(where: { $0.container == action.container })
        else { return [(action, outcome)] }
        return [(action, outcome), (commit, await perform(commit, events))]
    }

    /// Births wait for their turn. One that is not wanted any more when its turn has come does not happen.
    private func performInTurn(_ action: PodAction, _ events: PodEvents) async -> [(PodAction, ActionOutcome)] {
        // A pull may take longer than anybody wants the image.
        if action.isPull { return [(action, await bell.unlessInterrupted { await perform(action, events) })] }
        guard action.isBirth else { return [(action, await perform(action, events))] }
        do {
            return try await surroundings.gate.pass {
                bell.isLookDue ? [] : [(action, await perform(action, events))]
            }
        } catch {
            // Only cancellation takes a birth out of the line.
            return [(action, .cancelled)]
        }
    }

    private func perform(_ action: PodAction, _ events: PodEvents) async -> ActionOutcome {
        let begun = surroundings.clock.now()
        let intent = surroundings.history.intend(
            ActionIntent(revision: surroundings.revision.newest, pod: name, uid: uid, action: action, at: begun.wall))
        tell(events.begun(action, at: begun.wall))
        let outcome = await outcome(of: action)
        let ended = surroundings.clock.now()
        surroundings.history.conclude(intent, outcome, after: ended.boot - begun.boot)
        tell(events.ended(action, outcome, at: ended.wall))
        switch outcome {
        case .done(let detail):
            surroundings.log.info("\(action.verb)", metadata: metadata(action, detail.metadata))
        case .failed(let failure):
            surroundings.log.warning("\(action.verb) failed", metadata: metadata(action, ["error": "\(failure)"]))
        case .cancelled:
            surroundings.log.debug("\(action.verb) cancelled", metadata: metadata(action))
        }
        return outcome
    }

    private func tell(_ events: [PodEvent]) {
        for event in events { surroundings.history.record(event) }
    }

    private func outcome(of action: PodAction) async -> ActionOutcome {
        let (runtime, uid) = (surroundings.runtime, uid)
        do {
            return .done(try await runtime.perform(action, on: uid))
        } catch is CancellationError {
            return .cancelled
        } catch let failure as ActionFailure {
            return .failed(failure)
        } catch {
            return .failed(ActionFailure(reason: "Failed", message: "\(error)"))
        }
    }

    private func metadata(_ action: PodAction? = nil, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        var metadata = more
        metadata["pod"] = "\(name)"
        metadata["uid"] = "\(uid)"
        if let container = action?.container { metadata["container"] = "\(container)" }
        return metadata
    }

    private func metadata(_ more: Logger.Metadata) -> Logger.Metadata { metadata(nil, more) }
}

extension ActionDetail {
    /// What is worth saying; many actions have nothing to add to their verb.
    fileprivate var metadata: Logger.Metadata { message.isEmpty ? [:] : ["detail": "\(message)"] }
}

extension PodAction {
    /// Stops next to each other run side by side.
    var isStop: Bool { if case .stopContainer = self { true } else { false } }

    fileprivate var isPull: Bool { if case .pullImage = self { true } else { false } }

    fileprivate var isBirth: Bool {
        switch self {
        case .createSandbox, .startContainer: true
        case .mountVolumes, .updateVolumes, .pullImage, .runPostStart, .commitStart, .beginStop, .stopContainer,
            .resizeContainer, .stopSandbox, .commitExit, .finish, .fail, .remove:
            false
        }
    }
}
