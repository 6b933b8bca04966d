import Logging
import PodModel

/// What holds changes back: a failure a moment ago, a history that did not take in what they serve, images that are not on
/// the node yet.
extension ReconcileLoop {
    /// Leaves out what was done a moment ago without effect, until it may be tried again.
    func hold(in plan: NodePlan, _ tasks: inout DiscardingTaskGroup) -> NodePlan {
        let held = memory.held(of: plan, now: clock.now().boot)
        for entry in plan.changes {
            if let retry = held[entry.uid] { hold(entry, retry, &tasks) }
        }
        return plan.leavingOut(Set(held.keys))
    }

    /// The entries that end Pods and must wait, because the history did not take in the revision they serve.
    func heldEnds(
        of plan: NodePlan, _ revision: RevisionID, _ tasks: inout DiscardingTaskGroup
    ) -> [NodePlanEntry] {
        let ends = plan.entries.filter(\.change.endsPods)
        guard configuration.endsNeedHistory, !ends.isEmpty else { return [] }
        switch gate.answer(for: revision, trouble: history.trouble, now: clock.now().boot) {
        case .open: return []
        case .ask:
            let (history, inbox) = (history, inbox)
            tasks.addTask {
                await history.flush()
                inbox.post(.flushed(revision))
            }
        case .asked: break
        case .closed(let retry): for entry in ends { hold(entry, retry, &tasks) }
        }
        return ends
    }

    /// The entries that would end or restart what runs, although the images of what follows are not on the node yet.
    func withoutImages(
        in plan: NodePlan, _ observed: [ObservedPod], _ tasks: inout DiscardingTaskGroup
    ) -> [NodePlanEntry] {
        var wishes: Set<ImageGate.Wish> = []
        let unready = plan.entries.filter { entry in
            guard let (old, new) = entry.successor(among: observed) else { return false }
            // A container that goes on as it is needs nothing.
            let images = runtime.imagesToPull(for: new).filter { name, _ in
                old.uid != new.uid || old.written(container: name) != new.written(container: name)
            }
            let wish = ImageGate.Wish(uid: new.uid, images: images)
            if wish.images.isEmpty { return false }
            wishes.insert(wish)
            switch imageGate.answer(for: wish, now: clock.now().boot) {
            case .pulling: break
            case .failed(let retry): hold(entry, retry, &tasks)
            case .pull:
                let (ahead, inbox) = (PullAhead(pod: new, owner: old, surroundings: surroundings), inbox)
                tasks.addTask {
                    // Only the loop's end cancels it, and then nobody listens any more.
                    do { inbox.post(.pulled(wish, try await ahead.run(wish.images))) } catch {}
                }
            }
            return true
        }
        imageGate.keepOnly(wishes)
        return unready
    }

    func hold(_ entry: NodePlanEntry, _ retry: Retry, _ tasks: inout DiscardingTaskGroup) {
        guard pass.noteHeld(entry, retry) else { return }
        log.warning(
            "\(entry.change.verb) failed",
            metadata: [
                "pod": "\(entry.pod)", "uid": "\(entry.uid)", "error": "\(retry.failure)",
                "again in": "\(retry.delay)",
            ])
        tasks.addTask { await self.post(.plan, at: retry.due) }
    }

    /// Keeps what runs until what takes its place fits: looked at again whenever room comes free.
    func holdReplacements(of plan: NodePlan, _ admission: Admission) {
        for entry in plan.changes {
            guard let wait = admission.replacements[entry.uid] else { continue }
            let failure = ActionFailure(
                reason: wait.reason.rawValue,
                message: "the Pod goes on as it is, for what replaces it has no room: \(wait.message)")
            let isNews = pass.failure(of: entry.uid) != failure
            _ = pass.noteHeld(entry, Retry(failure, dueAt: clock.now().boot + Retry.cap))
            if !isNews { continue }
            log.warning(
                "waits for the node", metadata: ["pod": "\(entry.pod)", "uid": "\(entry.uid)", "reason": "\(failure)"])
        }
    }
}
