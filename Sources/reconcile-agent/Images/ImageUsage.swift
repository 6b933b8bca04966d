import ImageStore
import Manifests
import NodeRuntime
import PodModel

/// Which images the containers of this node need.
struct ImageUsage: Sendable {
    /// The images that containers run from, or ran from last.
    let running: Set<ImageID>
    private let users: [User]
    /// What the accepted revision names: the next Pods start from it.
    private let accepted: Set<ImageReference>

    private struct User: Sendable {
        let pod: PodName
        let container: String
        /// As its manifest names it; nil for a name that is none.
        let reference: ImageReference?
        let imageID: ImageID?

        var words: String { "container \(container) of Pod \(pod)" }
    }

    /// Looks at every Pod of the node that still has a record.
    ///
    /// - Parameter forgettingEnded: that Pods which ended for good need nothing, although Git still has them.
    init(of paths: NodePaths, forgettingEnded: Bool = false) async throws {
        guard try NodeIdentity.load(below: paths.stateDirectory) != nil else {
            self.init([], accepted: [])
            return
        }
        self.init(
            try await NodeGlance(paths).view.observe(),
            accepted: try AcceptedFile(below: paths.stateDirectory).glance()?.pods ?? [],
            forgettingEnded: forgettingEnded)
    }

    /// The same of Pods as they were seen, and as they were accepted.
    init(_ pods: [ObservedPod], accepted: [AcceptedPod], forgettingEnded: Bool = false) {
        let ended = Set(pods.filter { forgettingEnded && $0.hasEndedForGood }.map(\.record.uid))
        users = pods.filter { !ended.contains($0.record.uid) }.flatMap { pod in
            pod.record.accepted.pod.spec.allContainers.flatMap { Self.users(pod.record, $0) }
        }
        running = Set(users.compactMap(\.imageID))
        let specs = accepted.filter { !ended.contains($0.uid) }.map(\.pod.spec)
        let needs = specs.flatMap { spec in spec.allContainers.flatMap(spec.neededImages) }
        self.accepted = Set(needs.compactMap { try? ImageReference(parsing: $0.image) })
    }

    /// What a container of a Pod uses: the image it is made from, and those that it mounts.
    private static func users(_ record: PodRecord, _ container: Container) -> [User] {
        let known = record.containers[container.name]
        return record.accepted.pod.spec.neededImages(of: container).map { need in
            let id = need.volume.map { known?.volumeImages?[$0] } ?? known?.imageID
            return User(
                pod: record.accepted.name, container: container.name,
                reference: try? ImageReference(parsing: need.image), imageID: id.flatMap { ImageID($0) })
        }
    }

    /// Whether a Pod of this node starts or will start from an image.
    func needs(_ image: StoredImage) -> Bool {
        running.contains(image.imageID) || accepted.contains(image.reference)
            || users.contains { $0.reference == image.reference }
    }

    /// - Throws: `CommandFailure` that says who uses an image, by this name or as the only one of its names left.
    func requireUnused(_ name: ImageReference, in store: ImageStore) throws {
        guard let image = try store.image(name) else { return }
        let isOnlyName = try store.images().filter { $0.imageID == image.imageID }.count == 1
        let found = users.filter { user in
            user.reference.map { $0 == name || $0 == image.reference } == true
                || (isOnlyName && user.imageID == image.imageID)
        }
        guard let first = found.first else { return }
        let others = found.count > 1 ? " and \(found.count - 1) more" : ""
        throw CommandFailure(
            .actionFailed, "image \(image.reference.familiar) is used by \(first.words)\(others)",
            hint: "remove the Pod from its repository first")
    }
}

extension ObservedPod {
    /// Whether nothing of it runs, or ever will.
    fileprivate var hasEndedForGood: Bool { record.finalPhase != nil && sandbox == .absent }
}
