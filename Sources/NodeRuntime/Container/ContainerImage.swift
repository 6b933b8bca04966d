import ImageStore
import Manifests
import PodModel

/// The images that a container starts from and mounts: they are on the node already, or the container is not started.
enum ContainerImage {
    /// - Parameter image: as the manifest names it.
    /// - Throws: `ActionFailure` in the kubelet's words.
    static func find(
        _ image: String, in store: ImageStore, under trust: ImageTrust
    ) throws(ActionFailure) -> StoredImage {
        let reference: ImageReference
        do { reference = try ImageReference(parsing: image) } catch {
            throw ActionFailure(reason: "InvalidImageName", message: "\(error)")
        }
        let stored: StoredImage?
        do { stored = try store.image(reference) } catch {
            throw ActionFailure(reason: "ImageInspectError", message: "\(error)")
        }
        guard let stored else {
            throw ActionFailure(
                reason: "ImageInspectError", message: "image \"\(image)\" was removed a moment ago")
        }
        // It may have been imported anew since it was found trusted.
        if let distrust = trust.distrust(of: stored) { throw ActionFailure(untrusted: image, distrust) }
        guard !stored.layers.isEmpty else {
            throw ActionFailure(reason: "CreateContainerError", message: "image \(image) has no layers")
        }
        return stored
    }

    /// The images that a container mounts, by volume.
    ///
    /// - Throws: `ActionFailure` in the kubelet's words.
    static func volumes(
        of container: Container, in spec: PodSpec, from store: ImageStore, under trust: ImageTrust
    ) throws(ActionFailure) -> [String: StoredImage] {
        var found: [String: StoredImage] = [:]
        for need in spec.neededImages(of: container) {
            if let volume = need.volume { found[volume] = try find(need.image, in: store, under: trust) }
        }
        return found
    }
}
