import PodModel

/// What a test asks of the node it drives; one line of JSON each.
public enum NodeCall: Codable, Sendable {
    case observe(PodUID)
    case observeAll
    /// Looks as another process would, beside the agent.
    case view(PodUID)
    /// The same, at every Pod.
    case viewAll
    case register([AcceptedPod])
    case update([AcceptedPod])
    case markDeleted([PodUID: DeletionRecord])
    case perform(PodAction, PodUID)
    /// Begins an action, and tells it to stop after so many seconds, as an agent does that is told to stop.
    case performCutShort(PodAction, PodUID, seconds: Double)
    /// The same actions for several Pods, side by side.
    case performTogether([PodAction], [PodUID])
    case importImage(String)
    case exec([String], container: String, PodUID)
    /// Waits for something to happen.
    case nextEvent
    case damagedRecords
    case tearDown
}

/// What the node answers; one line of JSON each.
public enum NodeAnswer: Codable, Sendable {
    /// Carried out, within so many nanoseconds.
    case done(String, took: Int64)
    case pods([ObservedPod])
    case event(RuntimeEvent)
    case exec(code: Int32, output: String)
    case texts([String])
    case failed(reason: String, message: String)
}
