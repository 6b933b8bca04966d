/// An image that must be on the node before a container can start: its own, or one that it mounts.
public struct NeededImage: Sendable, Hashable {
    /// As the manifest names it.
    public let image: String
    /// When it is pulled.
    public let pullPolicy: ImagePullPolicy
    /// The volume that it is mounted as; nil of the image that the container is made from.
    public let volume: String?
}

extension PodSpec {
    /// The images that a container needs, its own first.
    public func neededImages(of container: Container) -> [NeededImage] {
        let own = NeededImage(image: container.image, pullPolicy: container.imagePullPolicy, volume: nil)
        return [own]
            + volumes.compactMap { volume in
                guard let image = volume.image, container.volumeMounts.contains(where: { $0.name == volume.name })
                else {
                    return nil
                }
                return NeededImage(image: image.reference, pullPolicy: image.pullPolicy, volume: volume.name)
            }
    }
}
