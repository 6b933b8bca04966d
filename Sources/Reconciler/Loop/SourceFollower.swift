import Logging
import Manifests
import PodModel

/// Follows the source: asks whether the revision moved, loads what is new, and decides what of it is accepted.
actor SourceFollower {
    private let source: any Source
    private let store: any AcceptedStore
    private let history: any History
    private let clock: any NodeClock
    private let node: NodeProfile
    private let log: Logger
    private var random: any RandomNumberGenerator & Sendable
    private(set) var slice: AcceptedSlice?
    /// What is wrong with the newest revision.
    private(set) var diagnostics: [Diagnostic] = []
    private var applications: ApplicationCache
    /// One at a time makes a slice of the one before.
    private let turn = StartGate(width: 1)
    private var seen: RevisionID?

    init(
        source: any Source, store: any AcceptedStore, history: any History, clock: any NodeClock, node: NodeProfile,
        random: any RandomNumberGenerator & Sendable, log: Logger
    ) {
        self.source = source
        self.store = store
        self.history = history
        self.clock = clock
        self.node = node
        applications = ApplicationCache(node: node)
        self.random = random
        self.log = log
    }

    /// Takes up the slice stored last, so that healing begins before the source answers. One that was lost is rebuilt
    /// from the records of the Pods, so that nothing ends before a revision was read.
    ///
    /// - Parameter records: of every Pod that is there.
    /// - Throws: `ReconcilerError.sliceUnreadable`.
    func restore(_ records: @Sendable () async throws -> [PodRecord]) async throws {
        do {
            switch try await store.load() {
            case .slice(let stored): slice = stored
            case .missing: rebuild(from: try await records(), since: nil)
            case .damaged(let reason): rebuild(from: try await records(), since: reason)
            }
        } catch { throw ReconcilerError.sliceUnreadable(error) }
    }

    private func rebuild(from records: [PodRecord], since damage: String?) {
        slice = AcceptedSlice(rebuiltFrom: records, now: clock.now().wall)
        if damage == nil, slice == nil { return }
        let reason = damage ?? "the manifests accepted before are lost, though there are Pods"
        log.error(
            "accepted manifests are rebuilt from pod records",
            metadata: ["reason": "\(reason)", "pods": "\(slice?.pods.count ?? 0)"])
        guard let slice else { return }
        history.record(
            RevisionEntry(
                revision: slice.revision, commit: slice.commit, at: slice.acceptedAt, verdict: .accepted,
                diagnostics: [reason]))
    }

    /// What came of asking the source.
    enum Outcome {
        /// No new revision, or one that says what the slice says.
        case nothing
        /// A new revision that asks for the same Pods and objects in every field: there is nothing to be done for it.
        case unchanged
        /// A new revision that asks for something else.
        case changed
    }

    /// Asks the source once. Not to be called again before it returned.
    ///
    /// - Throws: what the source throws, or `ReconcilerError.sliceNotStored`; the slice then stays as it is.
    func follow() async throws -> Outcome {
        if let seen, try await source.head() == seen { return .nothing }
        let snapshot = try await source.snapshot()
        return try await turn.pass { try await self.accept(snapshot) }
    }

    private func accept(_ snapshot: SourceSnapshot) async throws -> Outcome {
        let acceptance = Acceptance(
            previous: slice, applications: applications.load(snapshot.files), unreadable: snapshot.unreadable,
            revision: snapshot.revision, commit: snapshot.commit, node: node,
            now: clock.now().wall,
            newUID: { newUID() })
        diagnostics = acceptance.diagnostics
        let isUnchanged = slice.map(acceptance.slice.asks(forTheSameAs:)) ?? false
        if acceptance.slice.says(theSameAs: slice) {
            seen = snapshot.revision
            return .nothing
        }
        try await keep(acceptance.slice)
        record(acceptance)
        seen = snapshot.revision
        return isUnchanged ? .unchanged : .changed
    }

    /// Gives Pods another identity that have ended for good and are asked for something else since.
    ///
    /// - Returns: the slice that is in force then.
    /// - Throws: `ReconcilerError.sliceNotStored`; the slice then stays as it is.
    func renew(among observed: [ObservedPod]) async throws -> AcceptedSlice? {
        if renewed(among: observed) == nil { return slice }
        try await turn.pass {
            if let renewed = await self.renewed(among: observed) { try await self.keep(renewed) }
        }
        return slice
    }

    private func renewed(among observed: [ObservedPod]) -> AcceptedSlice? {
        slice?.renewing(among: observed, at: clock.now().wall, newUID: { newUID() })
    }

    /// Stored before anything is done for it: after a crash the same UIDs go on.
    private func keep(_ slice: AcceptedSlice) async throws {
        do { try await store.save(slice) } catch { throw ReconcilerError.sliceNotStored(error) }
        self.slice = slice
    }

    private func newUID() -> PodUID { PodUID.random(using: &random) }

    /// The time until the next question: the interval, a tenth more or less.
    func pause(_ interval: Duration) -> Duration { interval * Double.random(in: 0.9...1.1, using: &random) }

    private func record(_ acceptance: Acceptance) {
        let slice = acceptance.slice
        history.record(
            RevisionEntry(
                revision: slice.revision, commit: slice.commit, at: slice.acceptedAt, verdict: acceptance.verdict,
                diagnostics: acceptance.diagnostics.map(\.description)))
        log.info(
            "revision \(acceptance.verdict.rawValue)",
            metadata: ["revision": "\(slice.revision.short)", "pods": "\(slice.pods.count)"])
    }
}

extension AcceptedSlice {
    /// Whether two slices differ in nothing but the time they were accepted at.
    fileprivate func says(theSameAs other: AcceptedSlice?) -> Bool {
        revision == other?.revision && pods == other?.pods && objects == other?.objects
            && applications == other?.applications
            && unread == other?.unread
    }
}
