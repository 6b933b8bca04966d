import PodModel
import SupervisorCore
import Synchronization

/// What supervisors tell, passed on: to the loop, and to whoever waits for one container's end.
final class RuntimeEvents: Sendable {
    /// For the loop.
    let stream: AsyncStream<RuntimeEvent>
    private let loop: AsyncStream<RuntimeEvent>.Continuation
    private let waiting = Mutex(Waiting())

    private let execs = Mutex<[String: AsyncStream<Exit>.Continuation]>([:])
    private let endListener = Mutex<(@Sendable (ContainerID) -> Void)?>(nil)

    private struct Waiter {
        let uid: PodUID
        let id: ContainerID
        /// Whether the wish that the Pod ends is an end, too.
        let isHook: Bool
        let end: AsyncStream<Never>.Continuation
    }

    private struct Waiting {
        var continuations: [Int: Waiter] = [:]
        var next = 0
    }

    init() { (stream, loop) = AsyncStream.makeStream() }

    /// A stream that ends once a container has ended, or its supervisor has. To be made before the container's state is
    /// asked for, so that no end falls in between.
    ///
    /// - Parameter orHooks: whether it ends as well once the Pod is to end.
    func end(of id: ContainerID, in uid: PodUID, orHooks: Bool = false) -> AsyncStream<Never> {
        let (stream, end) = AsyncStream.makeStream(of: Never.self)
        let key = waiting.withLock { waiting in
            waiting.next += 1
            waiting.continuations[waiting.next] = Waiter(uid: uid, id: id, isHook: orHooks, end: end)
            return waiting.next
        }
        end.onTermination = { [weak self] _ in
            _ = self?.waiting.withLock { $0.continuations.removeValue(forKey: key) }
        }
        return stream
    }

    /// How an exec ended, once it has. To be made before the exec is asked for, so that no end falls in between.
    func execEnd(_ id: String) -> AsyncStream<Exit> {
        let (stream, end) = AsyncStream.makeStream(of: Exit.self)
        execs.withLock { $0[id] = end }
        end.onTermination = { [weak self] _ in _ = self?.execs.withLock { $0.removeValue(forKey: id) } }
        return stream
    }

    /// From now on `listener` is told which containers end. At most one.
    func tellEnds(to listener: @escaping @Sendable (ContainerID) -> Void) { endListener.withLock { $0 = listener } }

    /// Takes in what a Pod's supervisor told.
    func hear(_ event: Supervisor.Event, from uid: PodUID) {
        switch event {
        case .execExited(let exit):
            let waiting = execs.withLock { $0[String(decoding: exit.id, as: UTF8.self)] }
            waiting?.yield(exit)
            return
        case .containerExited(let exit):
            let id = ContainerID(String(decoding: exit.id, as: UTF8.self))
            release { $0.uid == uid && $0.id == id }
            endListener.withLock { $0 }?(id)
        case .sandboxDied: break
        case .gone: release { $0.uid == uid }
        }
        loop.yield(.changed(uid))
    }

    /// Has the loop look at a Pod.
    func suggestLook(at uid: PodUID) { loop.yield(.changed(uid)) }

    /// Has the history told about a Pod.
    func tell(_ event: PodEvent) { loop.yield(.told(event)) }

    /// Asks for a look at every Pod.
    func askForSweep() { loop.yield(.sweep) }

    /// Tells that images came or went.
    func tellOfImages() { loop.yield(.imagesChanged) }

    /// Has the images pulled that the tags of a Pod lead to now.
    func tellOfMovedTags(_ images: [String: String], of pod: AcceptedPod) {
        loop.yield(.tagsMoved(pod, images: images))
    }

    /// Tells that a look at the tags is over.
    func tellOfTagsLookedUp() { loop.yield(.tagsLookedUp) }

    /// A Pod is to end: nobody waits for what its containers begin with.
    func endHooks(of uid: PodUID) { release { $0.uid == uid && $0.isHook } }

    private func release(_ isMeant: (Waiter) -> Bool) {
        let ends = waiting.withLock { waiting in
            waiting.continuations.values.filter(isMeant).map(\.end)
        }
        // Outside the lock: ending a stream calls back.
        for end in ends { end.finish() }
    }
}
