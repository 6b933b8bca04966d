import Manifests

/// What single files hold, kept by their contents from one revision to the next: a push that changes one file of many
/// costs the reading of one.
struct ManifestCache {
    private var known: [ContentID: FileManifests] = [:]

    /// Reads a file, unless one with the same contents was read before.
    mutating func read(_ file: ManifestFile) -> FileManifests {
        guard let id = file.contentID else { return FileManifests(contents: file.contents) }
        if let manifests = known[id] { return manifests }
        let manifests = FileManifests(contents: file.contents)
        known[id] = manifests
        return manifests
    }

    /// Forgets what none of these files holds, once it is more than what they hold: not for each file that changes.
    mutating func forget(allBut files: [ManifestFile]) {
        if known.count <= 2 * files.count { return }
        let wanted = Set(files.compactMap(\.contentID))
        known = known.filter { wanted.contains($0.key) }
    }
}
