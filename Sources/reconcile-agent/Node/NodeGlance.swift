import NodeRuntime
import PodModel
import Reconciler

/// A node as the verbs that only look see it, whether or not an agent is running.
struct NodeGlance: Sendable {
    /// What lives.
    let view: NodeView
    /// What the node is called.
    let nodeName: String
    /// The cgroup that its Pods live below.
    let cgroupParent: String
    /// What it has, and what of that Pods may request.
    let capacity: NodeAllocatable, allocatable: NodeAllocatable
    private let accepted: AcceptedFile

    /// - Throws: `CommandFailure` when no agent ever ran with these directories.
    init(_ paths: NodePaths) throws {
        guard let identity = try NodeIdentity.load(below: paths.stateDirectory) else { throw Self.neverUsed(paths) }
        try identity.with(paths).requireSameMachine(as: identity, in: paths)
        nodeName = identity.nodeName
        cgroupParent = identity.cgroupParent
        capacity = identity.capacity.capacity(in: paths)
        allocatable = identity.capacity.allocatable(in: paths)
        accepted = AcceptedFile(below: paths.stateDirectory)
        do {
            let accepted = AcceptedFile(below: paths.stateDirectory)
            view = try NodeView(paths, images: Node.images(below: paths)) {
                ConfigurationObjects(try accepted.glance()?.objects ?? [])
            }
        } catch NodeRuntimeError.noState {
            throw Self.neverUsed(paths)
        }
    }

    /// The status of every Pod, sorted by namespace and name.
    func statuses() async throws -> [PodStatus] {
        let now = try Moment.now()
        return try await view.observe().map { PodStatus($0, nodeName: nodeName, now: now) }
            .sorted { $0.accepted.name < $1.accepted.name }
    }

    /// What Pods may use, as accepted last, sorted by kind, namespace and name.
    func objects() throws -> [AcceptedObject] { try accepted.glance()?.objects ?? [] }

    /// The status of one Pod; nil when it is gone, or its record cannot be read.
    func status(of uid: PodUID) async throws -> PodStatus? {
        do {
            return try await view.observe(uid).map { PodStatus($0, nodeName: nodeName, now: try .now()) }
        } catch is DamagedRecord {
            return nil
        }
    }

    /// A Pod by name; of several, for a moment during a replacement, the one that is not ending.
    ///
    /// - Throws: `CommandFailure` when there is none.
    func pod(named name: PodName) async throws -> ObservedPod {
        let found = try await view.observe().filter { $0.record.accepted.name == name }
        guard let pod = found.first(where: { $0.record.deletion == nil }) ?? found.first else {
            throw CommandFailure(
                .notFound, "pods \"\(name.name)\" not found in namespace \"\(name.namespace)\"",
                hint: "reconcile-agent get pods -A shows all of them")
        }
        return pod
    }

    private static func neverUsed(_ paths: NodePaths) -> CommandFailure {
        CommandFailure(
            .notFound, "no agent ever ran with \(paths.stateDirectory)",
            hint: "start one with reconcile, or name its --state-dir")
    }
}
