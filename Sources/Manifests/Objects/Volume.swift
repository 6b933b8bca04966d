/// A directory that the containers of a Pod may share (core/v1 Volume): in a valid manifest exactly one of its kinds.
public struct Volume: Sendable, Hashable {
    /// The name, a DNS label, unique in the Pod.
    public var name: String
    /// A new directory that lives as long as the Pod.
    public var emptyDir: EmptyDirVolume?
    /// A path of the node.
    public var hostPath: HostPathVolume?
    /// The files of a ConfigMap.
    public var configMap: ObjectVolume?
    /// The files of a Secret.
    public var secret: ObjectVolume?
    /// Files of what the Pod is.
    public var downwardAPI: DownwardAPIVolume?
    /// Files of several of these.
    public var projected: ProjectedVolume?
    /// A directory that outlives the Pod.
    public var persistentVolumeClaim: ClaimVolume?
    /// The files of an image.
    public var image: ImageVolume?

    /// A volume.
    public init(
        name: String, emptyDir: EmptyDirVolume? = nil, hostPath: HostPathVolume? = nil,
        configMap: ObjectVolume? = nil, secret: ObjectVolume? = nil, downwardAPI: DownwardAPIVolume? = nil,
        projected: ProjectedVolume? = nil, persistentVolumeClaim: ClaimVolume? = nil, image: ImageVolume? = nil
    ) {
        self.name = name
        self.emptyDir = emptyDir
        self.hostPath = hostPath
        self.configMap = configMap
        self.secret = secret
        self.downwardAPI = downwardAPI
        self.projected = projected
        self.persistentVolumeClaim = persistentVolumeClaim
        self.image = image
    }

    /// How many kinds it is of.
    var kindCount: Int {
        [
            emptyDir != nil, hostPath != nil, configMap != nil, secret != nil, downwardAPI != nil, projected != nil,
            persistentVolumeClaim != nil, image != nil,
        ].count { $0 }
    }

    /// Without a kind it is a new directory (`SetDefaults_Volume`).
    mutating func fillInKind() { if kindCount == 0 { emptyDir = EmptyDirVolume() } }
}

/// A new directory (core/v1 EmptyDirVolumeSource).
public struct EmptyDirVolume: Sendable, Hashable {
    /// Where it is kept.
    public var medium: StorageMedium
    /// How much it may hold; nil for no bound of its own.
    public var sizeLimit: Bytes?

    /// A directory.
    public init(medium: StorageMedium = .disk, sizeLimit: Bytes? = nil) {
        self.medium = medium
        self.sizeLimit = sizeLimit
    }

    /// What a directory on disk may hold; nil for no bound, zero among them. What is in memory its file system bounds.
    public var diskLimit: Bytes? {
        guard medium == .disk, let sizeLimit, sizeLimit.count > 0 else { return nil }
        return sizeLimit
    }
}

/// Where a new directory is kept.
public enum StorageMedium: String, Sendable, Hashable, CaseIterable {
    /// On the node's disk.
    case disk = ""
    /// In memory, which counts as the containers' own.
    case memory = "Memory"
}

/// A path of the node (core/v1 HostPathVolumeSource).
public struct HostPathVolume: Sendable, Hashable {
    /// The path.
    public var path: String
    /// What must be there.
    public var type: HostPathType

    /// A path.
    public init(path: String, type: HostPathType = .any) {
        self.path = path
        self.type = type
    }
}

/// What must be at a path of the node.
public enum HostPathType: String, Sendable, Hashable, CaseIterable {
    /// Whatever is there.
    case any = ""
    /// A directory, made when there is none.
    case directoryOrCreate = "DirectoryOrCreate"
    /// A directory.
    case directory = "Directory"
    /// A file, made when there is none.
    case fileOrCreate = "FileOrCreate"
    /// A file.
    case file = "File"
    /// A socket.
    case socket = "Socket"
    /// A character device.
    case charDevice = "CharDevice"
    /// A block device.
    case blockDevice = "BlockDevice"

    /// Whether it says that what is not there is made.
    public var isMade: Bool { self == .directoryOrCreate || self == .fileOrCreate }
}

/// The files of a ConfigMap or Secret (core/v1 ConfigMapVolumeSource, SecretVolumeSource, and projections).
public struct ObjectVolume: Sendable, Hashable {
    /// The object's name, in the Pod's own namespace.
    public var name: String
    /// Which keys become which files; empty for all, each under its own name.
    public var items: [KeyToPath]
    /// The permissions of files that have none of their own. Of a projection: what the whole volume says.
    public var defaultMode: Int
    /// Whether object and keys may be missing.
    public var optional: Bool?

    /// Files of an object.
    public init(name: String, items: [KeyToPath] = [], defaultMode: Int = 0o644, optional: Bool? = nil) {
        self.name = name
        self.items = items
        self.defaultMode = defaultMode
        self.optional = optional
    }
}

/// A key as a file (core/v1 KeyToPath).
public struct KeyToPath: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The file, relative to the volume.
    public var path: String
    /// Its permissions; nil for the volume's.
    public var mode: Int?

    /// A file.
    public init(key: String, path: String, mode: Int? = nil) {
        self.key = key
        self.path = path
        self.mode = mode
    }
}

/// Files of what the Pod is (core/v1 DownwardAPIVolumeSource).
public struct DownwardAPIVolume: Sendable, Hashable {
    /// The files.
    public var items: [DownwardAPIFile]
    /// The permissions of files that have none of their own.
    public var defaultMode: Int

    /// Files.
    public init(items: [DownwardAPIFile] = [], defaultMode: Int = 0o644) {
        self.items = items
        self.defaultMode = defaultMode
    }
}

/// A file of what the Pod is (core/v1 DownwardAPIVolumeFile): in a valid manifest one of both sources.
public struct DownwardAPIFile: Sendable, Hashable {
    /// The file, relative to the volume.
    public var path: String
    /// A field of the Pod.
    public var fieldRef: ObjectFieldSelector?
    /// What a container may use.
    public var resourceFieldRef: ResourceFieldSelector?
    /// Its permissions; nil for the volume's.
    public var mode: Int?

    /// A file.
    public init(
        path: String, fieldRef: ObjectFieldSelector? = nil, resourceFieldRef: ResourceFieldSelector? = nil,
        mode: Int? = nil
    ) {
        self.path = path
        self.fieldRef = fieldRef
        self.resourceFieldRef = resourceFieldRef
        self.mode = mode
    }
}

/// Files of several sources in one directory (core/v1 ProjectedVolumeSource).
public struct ProjectedVolume: Sendable, Hashable {
    /// The sources; where two have one path, the manifest is refused or the later one wins.
    public var sources: [VolumeProjection]
    /// The permissions of files that have none of their own.
    public var defaultMode: Int

    /// Files.
    public init(sources: [VolumeProjection] = [], defaultMode: Int = 0o644) {
        self.sources = sources
        self.defaultMode = defaultMode
    }
}

/// One source of a projected volume (core/v1 VolumeProjection): in a valid manifest one of these.
public struct VolumeProjection: Sendable, Hashable {
    /// A ConfigMap.
    public var configMap: ObjectVolume?
    /// A Secret.
    public var secret: ObjectVolume?
    /// What the Pod is.
    public var downwardAPI: DownwardAPIVolume?

    /// A source.
    public init(
        configMap: ObjectVolume? = nil, secret: ObjectVolume? = nil, downwardAPI: DownwardAPIVolume? = nil
    ) {
        self.configMap = configMap
        self.secret = secret
        self.downwardAPI = downwardAPI
    }
}

/// A directory that outlives the Pod (core/v1 PersistentVolumeClaimVolumeSource).
public struct ClaimVolume: Sendable, Hashable {
    /// The claim's name, in the Pod's own namespace.
    public var claimName: String
    /// Whether nothing may be written.
    public var readOnly: Bool

    /// A claim.
    public init(claimName: String, readOnly: Bool = false) {
        self.claimName = claimName
        self.readOnly = readOnly
    }
}

/// The files of an image, which nobody can change or execute (core/v1 ImageVolumeSource).
public struct ImageVolume: Sendable, Hashable {
    /// The image's name.
    public var reference: String
    /// When the node pulls it.
    public var pullPolicy: ImagePullPolicy

    /// An image; without `pullPolicy`, with the one that follows from its tag.
    public init(reference: String, pullPolicy: ImagePullPolicy? = nil) {
        self.reference = reference
        self.pullPolicy = pullPolicy ?? .implied(by: reference)
    }
}
