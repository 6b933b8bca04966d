import PodModel

/// Where its signals come from: the runtime, the source, and the clock.
extension ReconcileLoop {
    func forwardEvents() async {
        for await event in runtime.events {
            switch event {
            case .changed(let uid): inbox.post(.changed(uid))
            case .sweep: inbox.post(.sweep)
            case .told(let event): history.record(event)
            case .imagesChanged: inbox.post(.imagesChanged)
            case .tagsMoved(let pod, let images): inbox.post(.tagsMoved(pod, images: images))
            case .tagsLookedUp: inbox.post(.tagsLookedUp)
            }
        }
    }

    /// Asks the source at once, then at every interval and when told to. A task of its own: a slow source delays no
    /// healing.
    func followSource() async {
        await withDiscardingTaskGroup { timers in
            poll.ring()
            for await _ in poll.rings {
                await follow()
                pace.note(isAnswered: pass.sourceFailure == nil)
                if isPollDue { continue }
                isPollDue = true
                let pause = await follower.pause(pace.pause(configuration.interval))
                publishNextPoll(in: pause)
                timers.addTask { await self.ringPoll(at: self.clock.now().boot + pause) }
            }
            timers.cancelAll()
        }
    }

    func ringPoll(at time: BootTime) async {
        do { try await clock.sleep(until: time) } catch { return }
        isPollDue = false
        poll.ring()
    }

    func every(_ interval: Duration, _ signal: Signal) async {
        while !Task.isCancelled { await post(signal, at: clock.now().boot + interval) }
    }

    func expire(at deadline: BootTime) async { await post(.deadline, at: deadline) }

    func post(_ signal: Signal, at time: BootTime) async {
        do { try await clock.sleep(until: time) } catch { return }
        inbox.post(signal)
    }
}
