import PodModel
import Synchronization

/// What the loop answers to.
enum Signal: Sendable {
    /// Compare the slice with what is there.
    case plan
    /// Look at every Pod, whatever is known of it.
    case sweep
    /// Something happened to a Pod.
    case changed(PodUID)
    /// Try again now what failed or crashed in a Pod.
    case retry(PodUID)
    /// A worker looked at its Pod; nil once the Pod is gone.
    case standing(PodUID, PodStanding?)
    /// The history took in everything up to a revision, or could not.
    case flushed(RevisionID)
    /// Images that a Pod must wait for are there, or cannot be had.
    case pulled(ImageGate.Wish, ActionFailure?)
    /// Images of the node came or went.
    case imagesChanged
    /// A Pod has to go although it is wanted.
    case evict(PodUID, WaitingReason)
    /// What the node is short of has changed.
    case pressure([NodePressure])
    /// Tags that a Pod follows moved: these images, by container, are to be pulled.
    case tagsMoved(AcceptedPod, images: [String: String])
    /// They were, or could not be.
    case followed(PodUID, ActionFailure?)
    /// A look at the tags that was asked for is over.
    case tagsLookedUp
    /// The time of a pass is over.
    case deadline
}

/// The loop's one queue of signals. Any number of wishes for a plan that were not answered yet are one wish.
final class Inbox: Sendable {
    let signals: AsyncStream<Signal>
    private let post: AsyncStream<Signal>.Continuation
    private let isPlanPosted = Mutex(false)

    init() { (signals, post) = AsyncStream.makeStream() }

    func post(_ signal: Signal) {
        if case .plan = signal {
            let isNew = isPlanPosted.withLock { posted in
                defer { posted = true }
                return !posted
            }
            if !isNew { return }
        }
        post.yield(signal)
    }

    /// Called when a wish for a plan is being answered: what is wished from now on is a new one.
    func takePlan() { isPlanPosted.withLock { $0 = false } }
}
