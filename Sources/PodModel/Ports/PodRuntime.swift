/// What carries out decisions and tells what lives: the node runtime, or a test's stand-in.
///
/// Every call may be repeated; every call may be cut short by the agent's end and is then repeated by the next agent.
public protocol PodRuntime: Sendable {
    /// Every Pod of this node, those being deleted included: for adoption at start, and for the sweep.
    func observe() async throws -> [ObservedPod]

    /// One Pod; nil once it is removed.
    func observe(_ uid: PodUID) async throws -> ObservedPod?

    /// Hands over the ConfigMaps and Secrets that Pods may use from now on; kept in memory only. Called before what needs
    /// them is asked for, also after the agent was restarted.
    func supply(_ objects: ConfigurationObjects) async

    /// Writes the records of new Pods, durably, as one batch, before anything is done for them. Known UIDs are left
    /// as they are.
    ///
    /// - Parameter holds: which of them wait, and why.
    func register(_ pods: [AcceptedPod], holding holds: [PodUID: PodHold]) async throws

    /// Writes down which Pods wait for the node, and why; nil for what waits no longer. Without effect on Pods that are not
    /// known.
    func hold(_ holds: [PodUID: PodHold?]) async throws

    /// Takes over manifests that need no new Pods into the records (`PodRecord.takeOver`). What they change about
    /// running containers is done by actions.
    func update(_ pods: [AcceptedPod]) async throws

    /// Writes, durably, as one batch, that Pods are to end. A deletion already recorded stays.
    func markDeleted(_ pods: [PodUID: DeletionRecord]) async throws

    /// Forgets the crash back-off of a Pod's containers: what ended may start again at once.
    func forgive(_ uid: PodUID) async throws

    /// Carries out one action.
    ///
    /// - Throws: `ActionFailure`, or any error whose description is a sentence for the user.
    func perform(_ action: PodAction, on uid: PodUID) async throws -> ActionDetail

    /// The images that a Pod of this manifest needs and that must be pulled first, by container. Reads small files only.
    func imagesToPull(for pod: AcceptedPod) -> [String: [String]]

    /// Pulls one of them ahead of time: nothing has been ended for the Pod yet, and it need not be registered.
    ///
    /// - Throws: `ActionFailure`, or any error whose description is a sentence for the user.
    func pullAhead(_ image: String, for container: String, of pod: AcceptedPod) async throws -> ActionDetail

    /// Looks up the tags that Pods follow, once. What moved is told by events, and after them that the look is over.
    func lookUpTags() async

    /// What happens without being asked for. One consumer: the reconcile loop.
    var events: AsyncStream<RuntimeEvent> { get }
}

/// Something happened that may need an answer.
public enum RuntimeEvent: Hashable, Sendable, Codable {
    /// A Pod's containers or sandbox are not what they were.
    case changed(PodUID)
    /// An event may have been lost: look at every Pod.
    case sweep
    /// Something is to be told about a Pod; it needs no answer.
    case told(PodEvent)
    /// An image is there that was not, or the other way round.
    case imagesChanged
    /// Tags that a Pod follows lead elsewhere in their registries: these images, by container, are to be pulled for it.
    case tagsMoved(AcceptedPod, images: [String: String])
    /// A look at the tags that was asked for is over.
    case tagsLookedUp
}

extension PodRuntime {
    /// Registers Pods none of which waits.
    public func register(_ pods: [AcceptedPod]) async throws { try await register(pods, holding: [:]) }

    /// None: for a runtime that has every image.
    public func imagesToPull(for pod: AcceptedPod) -> [String: [String]] { [:] }

    /// Nothing is ever missing.
    public func pullAhead(_ image: String, for container: String, of pod: AcceptedPod) -> ActionDetail {
        ActionDetail()
    }
}
