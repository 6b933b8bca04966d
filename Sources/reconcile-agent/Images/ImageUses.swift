import ImageStore
import PodModel

/// When each image of a node was needed last, as far as this agent knows: which of them to give up first. Pure.
struct ImageUses: Sendable {
    /// A new image is left alone for this long: whoever brought it may be about to use it (kubelet).
    static let minimumAge = Duration.seconds(120)

    private var found: [ImageReference: BootTime] = [:]
    private var needed: [ImageReference: BootTime] = [:]

    /// Takes in what is there now and what of it is needed.
    mutating func note(_ images: [ImageReference], needed now: Set<ImageReference>, at time: BootTime) {
        let present = Set(images)
        found = found.filter { present.contains($0.key) }
        needed = needed.filter { present.contains($0.key) }
        for image in images {
            if found[image] == nil { found[image] = time }
            if now.contains(image) { needed[image] = time }
        }
    }

    /// The images that may go, those first that nobody has needed for the longest time.
    func candidates(at time: BootTime) -> [ImageReference] {
        found.filter { image, since in needed[image] != time && time - since >= Self.minimumAge }
            .map { (image: $0.key, last: needed[$0.key] ?? $0.value) }
            .sorted { ($0.last, $0.image.description) < ($1.last, $1.image.description) }
            .map(\.image)
    }
}
