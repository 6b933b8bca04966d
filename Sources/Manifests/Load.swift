/// The way from YAML text to typed Kubernetes objects.
public enum Manifests {
    /// The most bytes that a file of manifests may have.
    public static let largestFile = 4 << 20

    /// Reads all files. Never stops at the first error: a broken document loses no other document.
    ///
    /// Pure: the same files give the same result. The caller chooses the files (`*.yaml`, `*.yml`, `*.json`).
    public static func load(_ files: [ManifestFile]) -> LoadedManifests {
        LoadedManifests(files.map { ($0.path, FileManifests(contents: $0.contents)) })
    }
}

/// A file that may hold manifests, as the source read it.
public struct ManifestFile: Sendable, Hashable {
    /// The path shown in errors, relative to the folder that is followed.
    public let path: String
    /// The bytes of the file.
    public let contents: [UInt8]
    /// Names the bytes, so that what was read from them before can be used again; nil when the source has no such name.
    public let contentID: ContentID?

    /// A file's path and bytes.
    public init(path: String, contents: [UInt8], contentID: ContentID? = nil) {
        self.path = path
        self.contents = contents
        self.contentID = contentID
    }
}
