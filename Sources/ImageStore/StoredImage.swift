/// What an image says about the containers made from it.
public struct ImageConfig: Sendable, Hashable, Codable {
    /// The program and its first arguments; a Pod's `command` replaces it, and `cmd` with it.
    public var entrypoint: [String]
    /// Further arguments, or the whole command when there is no entrypoint; a Pod's `args` replace it.
    public var cmd: [String]
    /// The environment as `NAME=value`, in order.
    public var env: [String]
    /// `user`, `uid`, `user:group` or `uid:gid`; empty means root.
    public var user: String
    /// The working directory; empty means `/`.
    public var workingDir: String
    /// The signal that asks the container to stop, by name or number; nil means SIGTERM.
    public var stopSignal: String?
    /// Labels, for display only: they never select behaviour of the node.
    public var labels: [String: String]

    /// A configuration with these fields; the defaults are an image that says nothing.
    public init(
        entrypoint: [String] = [], cmd: [String] = [], env: [String] = [], user: String = "", workingDir: String = "",
        stopSignal: String? = nil, labels: [String: String] = [:]
    ) {
        self.entrypoint = entrypoint
        self.cmd = cmd
        self.env = env
        self.user = user
        self.workingDir = workingDir
        self.stopSignal = stopSignal
        self.labels = labels
    }
}

/// An image that is ready to run: its configuration, and its layers as directories.
public struct StoredImage: Sendable, Hashable {
    /// The name it is stored under.
    public let reference: ImageReference
    /// The digest of its configuration, which names the image whatever it is called.
    public let imageID: Digest
    /// What it says about its containers.
    public let config: ImageConfig
    /// The unpacked layers, as absolute directories, bottom first. They are shared: never write into them.
    public let layers: [String]
    /// Bytes of the configuration and the layers' blobs as stored.
    public let size: Int64
    /// When it was made, in seconds since 1970; nil when it does not say.
    public let created: Int64?
    /// What its registry said of it when it was pulled; nil when it was imported.
    public let origin: ImageOrigin?

    /// An image with these parts.
    public init(
        reference: ImageReference, imageID: Digest, config: ImageConfig, layers: [String], size: Int64,
        created: Int64? = nil, origin: ImageOrigin? = nil
    ) {
        self.reference = reference
        self.imageID = imageID
        self.config = config
        self.layers = layers
        self.size = size
        self.created = created
        self.origin = origin
    }
}
