/// When a container's log file is rotated (kubelet: containerLogMaxSize, containerLogMaxFiles).
public struct LogRotation: Sendable, Hashable {
    /// Bytes after which a file is rotated; 0: never.
    public var bytes: Int
    /// How many files are kept, the one being written among them.
    public var files: Int

    /// By default 10 MiB and five files, as the kubelet.
    public init(bytes: Int = 10 << 20, files: Int = 5) {
        self.bytes = bytes
        self.files = files
    }
}
