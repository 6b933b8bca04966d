import PodModel

/// How long a container that ended is held back before it starts again (kubelet: crash-loop back-off).
///
/// The first restart is immediate; the next wait 10, 20, 40 … 300 seconds from the end of the instance before. An end
/// more than 600 seconds after the newest start begins anew.
public struct CrashBackoff: Hashable, Sendable {
    /// The first delay.
    public static let base = Duration.seconds(10)
    /// The longest delay.
    public static let cap = Duration.seconds(300)
    /// A container that ran longer than this is forgiven.
    public static let forgivenAfter = Duration.seconds(600)

    /// What is left of the delay; zero if the container may start now.
    public let remaining: Duration
    /// What the start, if it happens now, leaves behind.
    public let next: Backoff?

    /// Decides about the restart of a container that ended.
    ///
    /// - Parameter current: as the start of the ended instance left it.
    public init(after exit: ContainerExit, current: Backoff?, now: Moment) {
        if exit.reason == .containerStatusUnknown, exit.bootID != now.bootID {
            // The machine took it down; the container is not to blame.
            (remaining, next) = (.zero, current)
        } else if let current, exit.finished.elapsed(since: current.updatedAt) <= Self.forgivenAfter {
            remaining = max(.zero, current.delay - now.elapsed(since: exit.finished))
            next = Backoff(delay: min(current.delay * 2, Self.cap), updatedAt: now)
        } else {
            (remaining, next) = (.zero, Backoff(delay: Self.base, updatedAt: now))
        }
    }
}
