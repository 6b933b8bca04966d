import PodModel
import Synchronization

/// Since when supervisors do not answer. One that is silent for long enough is taken for hung, and ended.
final class Silences: Sendable {
    /// How long a supervisor may be silent.
    let limit: Duration
    private let since = Mutex<[PodUID: BootTime]>([:])
    private let ended = Mutex<Set<PodUID>>([])

    /// - Parameter limit: how long a supervisor may be silent.
    init(limit: Duration) { self.limit = limit }

    /// Notes that a supervisor did not answer.
    ///
    /// - Returns: whether it is the first time, and whether the limit is reached.
    func note(_ uid: PodUID, at now: BootTime) -> (isNew: Bool, isOver: Bool) {
        since.withLock { since in
            guard let begun = since[uid] else {
                since[uid] = now
                return (true, limit <= .zero)
            }
            return (false, now - begun >= limit)
        }
    }

    /// It answered, or is no more.
    func clear(_ uid: PodUID) { since.withLock { since in since[uid] = nil } }

    /// It was ended for its silence: to be told with what is done next.
    func noteEnded(_ uid: PodUID) {
        clear(uid)
        ended.withLock { _ = $0.insert(uid) }
    }

    /// What is to be told of a Pod, once; nil for nothing.
    func takeNotice(_ uid: PodUID) -> String? {
        let wasEnded = ended.withLock { $0.remove(uid) != nil }
        return wasEnded ? "its supervisor did not answer for \(limit.components.seconds) s and was ended" : nil
    }
}
