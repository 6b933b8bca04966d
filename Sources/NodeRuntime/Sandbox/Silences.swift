import PodModel
import Synchronization

/// Since when supervisors do not answer. One that is silent for long enough is taken for hung, and ended.
final class Silences: Sendable {
    /// How long a supervisor may be silent.
    let limit: Duration
    private let since = Mutex<[PodUID: BootTime]>([:])
    /// Those that were ended, and how long each had been silent by then, in whole seconds.
    private let ended = Mutex<[PodUID: Int64]>([:])

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
    ///
    /// - Returns: how long it had been silent, in whole seconds.
    func noteEnded(_ uid: PodUID, at now: BootTime) -> Int64 {
        let begun = since.withLock { $0.removeValue(forKey: uid) } ?? now
        let seconds = (now - begun).components.seconds
        ended.withLock { $0[uid] = seconds }
        return seconds
    }

    /// What is to be told of a Pod, once; nil for nothing.
    func takeNotice(_ uid: PodUID) -> String? {
        ended.withLock { $0.removeValue(forKey: uid) }
            .map { "its supervisor had not answered for \($0) s and was ended" }
    }
}
