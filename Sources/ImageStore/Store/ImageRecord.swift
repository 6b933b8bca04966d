import FoundationEssentials

/// What the store keeps of an image under one name.
struct ImageRecord: Codable, Hashable, Sendable {
    let reference: ImageReference
    let imageID: Digest
    let config: ImageConfig
    /// Bottom first, as the configuration lists them.
    let diffIDs: [Digest]
    let size: Int64
    /// When it was made, in the words of its configuration; nil when that does not say, and in records of older versions.
    let created: String?
    /// What it has under `blobs`; nil in records of older versions.
    let blobs: [Digest]?
    /// What its registry said of it; nil when it was imported, and in records of older versions.
    var origin: ImageOrigin?

    /// The image with its layers' directories in `layout`.
    func stored(in layout: StoreLayout) -> StoredImage {
        StoredImage(
            reference: reference, imageID: imageID, config: config, layers: distinctLayers.map(layout.layer),
            size: size, created: created.flatMap(seconds), origin: origin)
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
    init(_ image: ArchivedImage, as reference: ImageReference, from origin: ImageOrigin?) {
        // A blob used by two layers is stored once.
        let blobs = Dictionary(image.layers.map { ($0.blob.digest, $0.blob.size) }) { first, _ in first }
        self.init(
            reference: reference, imageID: image.configFile.digest, config: image.config,
            diffIDs: image.layers.map(\.diffID), size: image.configFile.size + blobs.values.reduce(0, +),
            created: image.created, blobs: image.files.map(\.digest), origin: origin)
    }
}

/// Seconds since 1970 of a time as configurations have it: RFC 3339, with a fraction of any length; nil for anything else.
private func seconds(_ time: String) -> Int64? {
    let whole = time.prefix { $0 != "." }
    let zone = time.dropFirst(whole.count + 1).drop { $0.isNumber }
    let text = whole.count == time.count ? time : String(whole + zone)
    guard let date = try? Date(text, strategy: .iso8601), date.timeIntervalSince1970 > 0 else { return nil }
    return Int64(date.timeIntervalSince1970)
}
