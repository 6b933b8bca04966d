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

/// A Pod that was read without an error.
public struct LoadedPod: Sendable, Hashable {
    /// The Pod, defaults filled in.
    public let pod: Pod
    /// Only what its author wrote, in canonical form: what digests cover, so that a new default changes none.
    ///
    /// A field that is null or empty counts as not written, as Kubernetes' own encoding has it.
    public let written: JSONValue
    /// Where the object begins.
    public let position: SourcePosition

    /// A Pod, what its author wrote of it, and where.
    public init(pod: Pod, written: JSONValue, position: SourcePosition) {
        self.pod = pod
        self.written = written
        self.position = position
    }
}

/// Everything that was found in a set of files: the objects without errors, and every error.
public struct LoadedManifests: Sendable {
    /// The Pods, in the order of the files and of the documents in them.
    public let pods: [LoadedPod]
    /// Every finding in all files, sorted by position.
    public let diagnostics: [Diagnostic]

    /// Objects and findings.
    public init(pods: [LoadedPod], diagnostics: [Diagnostic]) {
        self.pods = pods
        self.diagnostics = diagnostics
    }
}

/// The way from YAML text to typed Kubernetes objects.
public enum Manifests {
    /// Reads all files. Never stops at the first error: a broken document loses no other document.
    ///
    /// Pure: the same files give the same result. The caller chooses the files (`*.yaml`, `*.yml`, `*.json`).
    public static func load(_ files: [ManifestFile]) -> LoadedManifests {
        var loading = Loading()
        for file in files {
            for document in Documents.split(file.contents) { loading.read(document, of: file.path) }
        }
        return LoadedManifests(pods: loading.pods, diagnostics: loading.findings.sorted { $0.position < $1.position })
    }
}
