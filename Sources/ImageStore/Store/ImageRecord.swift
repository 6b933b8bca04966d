/// What the store keeps of an image under one name.
struct ImageRecord: Codable, Hashable, Sendable {
    let reference: ImageReference
    let imageID: Digest
    let config: ImageConfig
    /// Bottom first, as the configuration lists them.
    let diffIDs: [Digest]
    let size: Int64

    /// The image with its layers' directories in `layout`.
    func stored(in layout: StoreLayout) -> StoredImage {
        StoredImage(
            reference: reference, imageID: imageID, config: config, layers: distinctLayers.map(layout.layer), size: size
        )
    }

    /// The layers without repetitions. overlayfs refuses a directory given twice, and of equal layers the upper one
    /// covers all that the lower one has.
    private var distinctLayers: [Digest] {
        var seen: Set<Digest> = []
        return diffIDs.reversed().filter { seen.insert($0).inserted }.reversed()
    }
}

extension ImageRecord {
    /// What to keep of an imported image.
    init(_ image: ArchivedImage, as reference: ImageReference) {
        // A blob used by two layers is stored once.
        let blobs = Dictionary(image.layers.map { ($0.blob.digest, $0.blob.size) }) { first, _ in first }
        self.init(
            reference: reference, imageID: image.configFile.digest, config: image.config,
            diffIDs: image.layers.map(\.diffID), size: image.configFile.size + blobs.values.reduce(0, +))
    }
}
