import PodModel

/// What is told of the loop while it works.
extension ReconcileLoop {
    func publishPoll() {
        let now = clock.now().wall
        status.lastPoll = LoopStatus.Poll(at: now, failure: pass.sourceFailure ?? pass.storeFailure?.description)
        if pass.sourceFailure == nil { status.lastAnswer = now }
        publish()
    }

    func publishNextPoll(in pause: Duration) {
        status.nextPoll = clock.now().wall + pause
        publish()
    }

    func publishPlan(_ revision: RevisionID?, changes: Int) {
        let now = clock.now()
        let plan = LoopStatus.Plan(
            at: now.wall, revision: revision, changes: changes, failure: pass.planFailure?.description)
        status.lastPlan = plan
        if changes > 0 { status.lastChange = plan }
        status.held = pass.heldChanges(now: now)
        publish()
    }

    func publish() {
        status.historyTrouble = history.trouble
        board.publish(status)
    }
}
