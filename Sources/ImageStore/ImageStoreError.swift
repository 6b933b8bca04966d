/// Why an image could not be imported or read.
public enum ImageStoreError: Error, CustomStringConvertible {
    /// A text that is no image name.
    case invalidReference(String, problem: any Error & CustomStringConvertible)
    /// The file or directory to import is not there, or cannot be read.
    case unreadableArchive(path: String, reason: String)
    /// The file or directory is there, but holds no image.
    case notAnImage(path: String, reason: String)
    /// The archive breaks a rule: a digest that does not match, a path that leads outside, a limit.
    case refused(path: String, reason: String)
    /// The archive's bytes make no sense.
    case damaged(path: String, reason: String)
    /// The archive carries no name for its image and the caller gave none.
    case unnamed(path: String)
    /// The archive holds several images, and one name was given for all of them.
    case ambiguousName(ImageReference, path: String, images: Int)
    /// A name with a digest was given, and the archive's image has another one, or none.
    case digestNotInArchive(ImageReference, path: String, found: Digest?)
    /// The archive has images, but none for this kind of machine.
    case otherPlatform(path: String, images: [String], node: String)
    /// The unpacking worker could not do its work, for a reason that lies with this machine.
    case workerFailed(path: String, reason: String)
    /// Another import holds the store's lock for too long.
    case busy(store: String)
    /// The store's own files cannot be read or written.
    case storeUnusable(store: String, reason: String)

    /// What failed, where, why, and what to do about it.
    public var description: String {
        switch self {
        case .invalidReference(let text, let problem):
            return "\"\(text)\" is not an image name: \(problem). Write it like nginx:1.14 or "
                + "registry.example.org/team/app:2.0."
        case .unreadableArchive(let path, let reason):
            return "\(path) cannot be read: \(reason). Give the path of a docker archive or an OCI layout."
        case .notAnImage(let path, let reason):
            return "\(path) holds no image: \(reason). Make one with \"docker save\", \"podman save\" or "
                + "\"skopeo copy … docker-archive:FILE\" (or oci-archive:FILE)."
        case .refused(let path, let reason):
            return "\(path) was refused: \(reason). Nothing of it was kept; get the image again from where it was made."
        case .damaged(let path, let reason):
            return "\(path) is damaged: \(reason). Nothing of it was kept; get the image again from where it was made."
        case .unnamed(let path):
            return "\(path) carries no full name for its image. Give one, for example docker.io/library/app:1.0."
        case .ambiguousName(let name, let path, let images):
            return "\(path) holds \(images) images, which cannot all be called \(name.familiar). Import it without a "
                + "name, or split it."
        case .digestNotInArchive(let name, let path, let found):
            let reason = found.map { "its manifest's digest is \($0)" } ?? "a docker archive has no manifest digest"
            return "\(path) cannot be imported as \(name.familiar): \(reason). Use a tag, or import the OCI layout "
                + "that has this digest."
        case .otherPlatform(let path, let images, let node):
            return "\(path) has an image for \(images.joined(separator: ", ")), but this node is \(node). Get the "
                + "image for \(node)."
        case .workerFailed(let path, let reason):
            return "unpacking \(path) failed: \(reason). The store is unchanged; try again once that is mended."
        case .busy(let store):
            return "another import works on the image store \(store) for a long time. Wait for it, or end it."
        case .storeUnusable(let store, let reason):
            return "the image store \(store) cannot be used: \(reason). Check its owner, its mode and the disk."
        }
    }
}
