import Logging
import PodModel

/// From a slice and what is there to what is done, and by whom.
extension ReconcileLoop {
    /// Compares the slice with what is there, writes the outcome into the records, and puts workers to work.
    func plan(_ tasks: inout DiscardingTaskGroup) async {
        inbox.takePlan()
        guard let slice = await follower.slice else {
            pass.isPlanned = true
            publishPlan(nil, changes: 0)
            return
        }
        await nameRevision()
        await supply(slice.objects)
        do {
            let observed = try await runtime.observe()
            let slice = try await renewed(slice, observed)
            let plan = NodePlan(accepted: slice, observed: observed)
            pass.note(plan, now: clock.now().boot)
            let due = hold(in: plan, &tasks)
            let ends = heldEnds(of: due, slice.revision, &tasks)
            let unready = withoutImages(in: due.leavingOut(Set(ends.map(\.uid))), observed, &tasks)
            let ready = due.leavingOut(Set((ends + unready).map(\.uid)))
            // Room that a held change would free is not there yet.
            let undone = Set(plan.changes.map(\.uid)).subtracting(ready.changes.map(\.uid))
            let admission = Admission(
                plan, observed: observed, allocatable: configuration.node.allocatable, pressures: pressures,
                heirs: heirs, undone: undone)
            heirs = admission.heirs
            isShort = admission.isShort
            holdReplacements(of: ready, admission)
            let permitted = ready.leavingOut(admission.heldChanges)
            let held = ends + unready + ready.entries.filter { admission.heldChanges.contains($0.uid) }
            let holds = admission.changedHolds(in: plan, observed, at: clock.now().wall)
            try await carryOut(permitted, slice, holds)
            try await note(holds, of: permitted.entries + held, observed)
            pass.forget(holds.keys)
            pass.noteCarriedOut(permitted)
            for entry in permitted.entries {
                employ(entry, isChanged: entry.change.isChange || holds[entry.uid] != nil, &tasks)
            }
            for entry in held { employ(entry, isChanged: holds[entry.uid] != nil, &tasks) }
            pass.isPlanned = !gate.isAsking && !imageGate.isPulling
            publishPlan(slice.revision, changes: permitted.changes.count)
        } catch is CancellationError {
            return
        } catch {
            log.error("node cannot be planned", metadata: ["error": "\(error)"])
            pass.planFailure = ActionFailure(reason: "Failed", message: "\(error)")
            publishPlan(slice.revision, changes: 0)
            let retry = clock.now().boot + Retry.base
            tasks.addTask { await self.post(.plan, at: retry) }
        }
    }

    /// The slice, with another identity for Pods that have ended and are asked for something else since. That it cannot be
    /// stored keeps only these waiting.
    func renewed(_ slice: AcceptedSlice, _ observed: [ObservedPod]) async throws -> AcceptedSlice {
        do { return try await follower.renew(among: observed) ?? slice } catch let error as ReconcilerError {
            pass.storeFailure = error
            log.error("slice cannot be stored", metadata: ["error": "\(error)"])
            return slice
        }
    }

    func carryOut(
        _ plan: NodePlan, _ slice: AcceptedSlice, _ holds: [PodUID: PodHold?]
    ) async throws {
        pass.planFailure = nil
        if plan.changes.isEmpty { return }
        let now = clock.now()
        let changes = plan.changes.map {
            PlanEntry.Change(pod: $0.pod, uid: $0.uid, verb: $0.change.verb, reason: $0.reason)
        }
        let entry = PlanEntry(revision: slice.revision, at: now.wall, changes: changes)
        if memory.isNews(entry) { history.record(entry) }
        let deletions = plan.deletions(now: now)
        if !deletions.isEmpty { try await runtime.markDeleted(deletions) }
        if !plan.updates.isEmpty { try await runtime.update(plan.updates) }
        if !plan.registrations.isEmpty {
            try await runtime.register(plan.registrations, holding: holds.compactMapValues { $0 })
        }
        memory.learn(plan)
    }

    /// Writes down who waits for room from now on and who does no longer, and tells of it.
    func note(
        _ holds: [PodUID: PodHold?], of entries: [NodePlanEntry], _ observed: [ObservedPod]
    ) async throws {
        let known = Set(observed.map(\.uid))
        let changed = holds.filter { known.contains($0.key) }
        if !changed.isEmpty { try await runtime.hold(changed) }
        let events = entries.schedulingEvents(
            holds, observed, on: configuration.node.name, at: clock.now().wall)
        for event in events { history.record(event) }
        for entry in entries {
            guard case .some(.some(let hold)) = holds[entry.uid] else { continue }
            log.warning(
                "waits for the node",
                metadata: [
                    "pod": "\(entry.pod)", "uid": "\(entry.uid)", "reason": "\(hold.reason.rawValue): \(hold.message)",
                ])
        }
    }

    /// Rings the workers of the Pods an entry changes something about; Pods without a worker get one.
    func employ(_ entry: NodePlanEntry, isChanged: Bool, _ tasks: inout DiscardingTaskGroup) {
        for uid in entry.present {
            if let bell = workers[uid] {
                if isChanged { bell.interrupt() }
                continue
            }
            let bell = Doorbell()
            let worker = PodWorker(
                uid: uid, name: entry.pod, bell: bell, surroundings: surroundings)
            workers[uid] = bell
            bell.ring()
            tasks.addTask { await worker.run() }
        }
    }
}

extension NodePlanEntry {
    /// The Pods that have a record once this entry is carried out.
    fileprivate var present: [PodUID] {
        switch change {
        case .create, .update, .keep, .ending, .delete: [uid]
        case .replace(let olds, _): olds.map(\.uid)
        case .await(let olds, _): olds
        }
    }
}
