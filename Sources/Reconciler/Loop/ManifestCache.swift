import Manifests

/// What single files hold, kept by their contents from one revision to the next: a push that changes one file of many
/// costs the reading of one.
struct ManifestCache {
    private var known: [ContentID: FileManifests] = [:]

    /// Reads the files of a revision, but for those whose contents the revision before had as well. What it has no more
    /// is forgotten.
    mutating func load(_ files: [ManifestFile]) -> LoadedManifests {
        var kept: [ContentID: FileManifests] = [:]
        let read = files.map { file in
            let manifests = file.contentID.flatMap { known[$0] ?? kept[$0] } ?? FileManifests(contents: file.contents)
            if let id = file.contentID { kept[id] = manifests }
            return (path: file.path, manifests: manifests)
        }
        known = kept
        return LoadedManifests(read)
    }
}
