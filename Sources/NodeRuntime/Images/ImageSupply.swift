import ImageStore
import Manifests
import PodModel
import Synchronization

/// Has the images of Pods ready, by their pull policies (kubelet: `pkg/kubelet/images/image_manager.go`).
final class ImageSupply: Sendable {
    private let store: ImageStore
    let sources: ImageSources
    private let pulls: SharedPulls
    private let pulled = Mutex<[Start: PulledImage]>([:])
    /// Where followed tags were found to lead; by the images as manifests name them.
    private let moved = Mutex<[String: ManifestDigest]>([:])

    /// Which images may be used.
    var trust: ImageTrust { sources.registries.trust }

    /// A start of a container that an image was pulled for.
    private struct Start: Hashable {
        let uid: PodUID
        let container: String
        let image: String
    }

    init(_ store: ImageStore, from sources: ImageSources) {
        self.store = store
        self.sources = sources
        pulls = SharedPulls(width: sources.parallelPulls)
    }

    /// The images that must be pulled before containers of a Pod can start, by container, their own and those they mount:
    /// those that are not here, and those that are to be asked for at every start. A name that is none is left to the start,
    /// which says so.
    ///
    /// - Parameter objects: where the Pod's pull secrets are.
    func missing(
        for pod: AcceptedPod, besides running: Set<String> = [], with objects: ConfigurationObjects
    ) -> [String: [String]] {
        pod.pod.spec.allContainers.reduce(into: [:]) { missing, container in
            if running.contains(container.name) { return }
            let needs = pod.pod.spec.neededImages(of: container)
                .filter { isMissing($0, for: container, of: pod, with: objects) }
            if !needs.isEmpty { missing[container.name] = needs.map(\.image) }
        }
    }

    private func isMissing(
        _ need: NeededImage, for container: Container, of pod: AcceptedPod, with objects: ConfigurationObjects
    ) -> Bool {
        guard let reference = try? ImageReference(parsing: need.image) else { return false }
        if !store.has(reference) || distrust(of: reference) != nil { return true }
        if pulled(need.image, for: container, of: pod.uid) != nil { return false }
        if need.pullPolicy == .always { return true }
        // kubelet: a private image is not handed to a Pod that could not have pulled it.
        return !store.mayUse(reference) {
            let secrets = PodPullSecrets(of: pod, in: objects)
            return sources.registries.names(of: reference).flatMap { name in
                (try? PullSecrets(secrets.files, before: AnonymousAccess()).own(for: name)) ?? []
            }
        }
    }

    /// Why an image of the node may not be used; nil when it may, and when nobody can tell: then its start says why.
    private func distrust(of reference: ImageReference) -> ImagePullError? {
        try? store.distrust(of: reference, under: trust)
    }

    /// Pulls an image for a container of a Pod, and so for all its containers that need it.
    ///
    /// - Parameter objects: where the Pod's pull secrets are.
    /// - Throws: `ActionFailure` in the kubelet's words, `CancellationError`.
    func pull(_ image: String, of pod: AcceptedPod, with objects: ConfigurationObjects) async throws -> ActionDetail {
        let missing = missing(for: pod, with: objects)
        let isMoved = pod.followsTags && isMoved(image)
        let spec = pod.pod.spec
        let containers = spec.allContainers.filter {
            missing[$0.name]?.contains(image) == true || (isMoved && $0.image == image)
        }
        // Somebody may have imported it meanwhile.
        if containers.isEmpty { return ActionDetail() }
        let willing = containers.filter { container in
            spec.neededImages(of: container).contains { $0.image == image && $0.pullPolicy != .never }
        }
        if willing.isEmpty {
            if let reference = try? ImageReference(parsing: image), store.has(reference),
                let distrust = distrust(of: reference)
            {
                throw ActionFailure(untrusted: image, distrust)
            }
            throw ActionFailure(
                reason: "ErrImageNeverPull",
                message: "Container image \"\(image)\" is not present with pull policy of Never: "
                    + "import it with `reconcile-agent image import`")
        }
        let figures = try await pull(image, with: PodPullSecrets(of: pod, in: objects))
        pulled.withLock { pulled in
            for container in willing { pulled[Start(uid: pod.uid, container: container.name, image: image)] = figures }
        }
        return ActionDetail("\(image), \(figures.size) bytes", pulled: figures)
    }

    private func pull(_ image: String, with secrets: PodPullSecrets) async throws -> PulledImage {
        let begun = ContinuousClock.now
        do {
            let reference = try ImageReference(parsing: image)
            let key = SharedPulls.Key(image: reference, secrets: secrets.files)
            let transfer = try await pulls.transfer(of: key) { [store, sources] in
                try await store.pull(
                    reference, from: sources.registries,
                    credentials: PullSecrets(secrets.files, before: sources.credentials))
            }
            return PulledImage(
                took: transfer.took, waited: max(ContinuousClock.now - begun, transfer.took), size: transfer.image.size)
        } catch let error as ImagePullError where error.isUntrusted {
            throw ActionFailure(untrusted: image, error)
        } catch let error where !(error is CancellationError) {
            throw ActionFailure(reason: "ErrImagePull", message: "\(error)\(present(image))\(secrets.shortcoming)")
        }
    }

    /// What to add to a failure when the image is here, and only for want of trust not used.
    private func present(_ image: String) -> String {
        guard let reference = try? ImageReference(parsing: image), store.has(reference),
            let distrust = distrust(of: reference)
        else { return "" }
        return ". What the node has of it is not used: \(distrust)"
    }

    /// Notes where a followed tag leads.
    ///
    /// - Returns: whether it was not known to lead there.
    func noteMoved(_ image: String, to digest: ManifestDigest) -> Bool {
        moved.withLock { moved in
            defer { moved[image] = digest }
            return moved[image] != digest
        }
    }

    /// Whether a followed tag leads to another image than the one that is here.
    private func isMoved(_ image: String) -> Bool {
        guard let digest = moved.withLock({ $0[image] }), let reference = try? ImageReference(parsing: image),
            let present = try? store.image(reference)
        else { return false }
        return present.isBehind(digest)
    }

    /// The pull that was made for a container's next start; nil when none was.
    func pulled(_ image: String, for container: Container, of uid: PodUID) -> PulledImage? {
        pulled.withLock { $0[Start(uid: uid, container: container.name, image: image)] }
    }

    /// The container has started: the next start has to ask again.
    func spend(_ container: Container, of uid: PodUID) {
        pulled.withLock { $0 = $0.filter { $0.key.uid != uid || $0.key.container != container.name } }
    }

    /// The Pod is gone.
    func forget(_ uid: PodUID) { pulled.withLock { $0 = $0.filter { $0.key.uid != uid } } }
}

extension ActionFailure {
    /// An image that is not trusted (kubelet: `evalCRIPullErr`; what a runtime's policy refuses has the same reason).
    init(untrusted image: String, _ error: ImagePullError) {
        self.init(
            reason: "SignatureValidationFailed",
            message: "image pull failed for \(image) because the signature validation failed: \(error)")
    }
}
