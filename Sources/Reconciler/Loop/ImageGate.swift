import PodModel

/// Lets a Pod be ended or restarted for a new manifest only once the images of what follows are on the node: a registry
/// that is down, or a name with a typo, costs no Pod that runs. Lost with the agent, at the cost of one early retry.
struct ImageGate {
    /// What may be done about a Pod that is to make way for another, or for its own new manifest.
    enum Answer {
        /// Its images are to be pulled, and the outcome told to `learn`.
        case pull
        /// They are being pulled.
        case pulling
        /// They cannot be had now.
        case failed(Retry)
    }

    /// Which images for which Pod: another revision may want others.
    struct Wish: Hashable, Sendable {
        let uid: PodUID
        /// By container.
        let images: [String: [String]]
    }

    private enum State {
        case pulling(after: Retry?)
        case failed(Retry)
    }

    private var states: [Wish: State] = [:]

    /// Whether pulls are under way.
    var isPulling: Bool { states.values.contains { if case .pulling = $0 { true } else { false } } }

    /// Asks for a Pod some of whose images are missing.
    mutating func answer(for wish: Wish, now: BootTime) -> Answer {
        var before: Retry?
        switch states[wish] {
        case .pulling: return .pulling
        case .failed(let retry) where retry.due > now: return .failed(retry)
        case .failed(let retry): before = retry
        case nil: break
        }
        states[wish] = .pulling(after: before)
        return .pull
    }

    /// Takes in what came of the pulls.
    mutating func learn(_ wish: Wish, _ failure: ActionFailure?, now: BootTime) {
        guard case .pulling(let before) = states[wish] else { return }
        states[wish] = failure.map { .failed(Retry($0, after: before, now: now)) }
    }

    /// Images came or went: what failed may be tried at once.
    mutating func forgetFailures() {
        states = states.filter { if case .pulling = $0.value { true } else { false } }
    }

    /// Forgets the failures of wishes that nobody has any more.
    mutating func keepOnly(_ wishes: Set<Wish>) {
        states = states.filter { wish, state in
            if case .pulling = state { return true }
            return wishes.contains(wish)
        }
    }
}
