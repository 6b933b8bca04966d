import ImageStore
import Manifests
import PodModel

/// The image of a container, by its pull policy. Without a registry client, what is not on the node cannot be had.
struct ContainerImage: Sendable {
    let stored: StoredImage
    /// What the user should know; nil for nothing.
    let notice: String?

    /// - Throws: `ActionFailure` in the kubelet's words.
    static func find(for container: Container, in store: ImageStore) throws -> ContainerImage {
        let reference: ImageReference
        do { reference = try ImageReference(parsing: container.image) } catch {
            throw ActionFailure(reason: "InvalidImageName", message: "\(error)")
        }
        if let stored = try store.image(reference) {
            let notice =
                container.imagePullPolicy == .always
                ? "image \(container.image) is used as imported: there is no registry client to pull it again" : nil
            return ContainerImage(stored: stored, notice: notice)
        }
        if container.imagePullPolicy == .never {
            throw ActionFailure(
                reason: "ErrImageNeverPull",
                message: "Container image \"\(container.image)\" is not present with pull policy of Never: "
                    + "import it with `reconcile-agent image import`")
        }
        throw ActionFailure(
            reason: "ErrImagePull",
            message: "image \"\(container.image)\" is not on this node, and this version has no registry client: "
                + "import it with `reconcile-agent image import`")
    }
}
