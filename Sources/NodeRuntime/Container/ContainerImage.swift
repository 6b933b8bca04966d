import ImageStore
import Manifests
import PodModel

/// The image that a container starts from: it is on the node already, or the container is not started.
enum ContainerImage {
    /// - Throws: `ActionFailure` in the kubelet's words.
    static func find(
        for container: Container, in store: ImageStore, under trust: ImageTrust
    ) throws(ActionFailure) -> StoredImage {
        let reference: ImageReference
        do { reference = try ImageReference(parsing: container.image) } catch {
            throw ActionFailure(reason: "InvalidImageName", message: "\(error)")
        }
        let stored: StoredImage?
        do { stored = try store.image(reference) } catch {
            throw ActionFailure(reason: "ImageInspectError", message: "\(error)")
        }
        guard let stored else {
            throw ActionFailure(
                reason: "ImageInspectError", message: "image \"\(container.image)\" was removed a moment ago")
        }
        // It may have been imported anew since it was found trusted.
        if let distrust = trust.distrust(of: stored) { throw ActionFailure(untrusted: container.image, distrust) }
        return stored
    }
}
